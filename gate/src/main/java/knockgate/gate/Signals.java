package knockgate.gate;

import java.lang.reflect.Proxy;

/**
 * Signals as a daemon wants them. The JVM's own answer to SIGTERM ends it with code 143 while our
 * threads still run; {@code sun.misc.Signal} is the only way to take it over. By reflection, as the
 * compiler refuses to see it.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs an action, on a thread of the JVM's, whenever the signal comes.
   *
   * @param name without SIG, such as {@code TERM}
   * @return false where this JVM does not let us
   */
  static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
