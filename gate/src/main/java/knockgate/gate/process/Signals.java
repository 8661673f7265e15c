package knockgate.gate.process;

import java.lang.reflect.Proxy;

/**
 * Signals as who must not end at once wants them. The JVM's own answer to SIGTERM ends it with code
 * 143 while our threads still run; {@code sun.misc.Signal} is the only way to take it over. By
 * reflection, as the compiler refuses to see it.
 */
public final class Signals {
  private Signals() {}

  /**
   * Runs an action, on a thread of the JVM's, whenever the signal comes.
   *
   * @param name without SIG, such as {@code TERM}
   * @return false where this JVM does not let us
   */
  public static boolean handle(String name, Runnable action) {
    try {
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
      set(name, proxy);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The signal does nothing from now on, in this process and in those that it starts.
   *
   * @return false where this JVM does not let us
   */
  public static boolean ignore(String name) {
    try {
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      set(name, handler.getField("SIG_IGN").get(null));
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  private static void set(String name, Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
  }
}
