package knockgate.nfq;

/** Binds a queue, prints the receive buffer it got, and holds it until its input ends. */
final class HoldQueue {
  private HoldQueue() {}

  public static void main(String[] arguments) throws Exception {
    int number = Integer.parseInt(arguments[0]);
    int receiveBuffer = Integer.parseInt(arguments[1]);
    try (QueueSocket queue =
        QueueSocket.open(new QueueOptions(number, 64, false, 64, receiveBuffer))) {
      System.out.println("held " + queue.receiveBufferBytes());
      while (System.in.read() >= 0) {
        // Only the end of the input ends it.
      }
    } catch (NativeException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }
}
