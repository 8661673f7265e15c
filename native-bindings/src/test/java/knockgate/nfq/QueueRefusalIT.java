package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import knockgate.nfq.NativeException.Kind;
import org.junit.jupiter.api.Test;

/** What the kernel refuses, each test in a network namespace of its own. */
class QueueRefusalIT {
  private static final QueueOptions OPTIONS = new QueueOptions(7, 64, false, 64, 1 << 16);

  @Test
  void queueOfAnotherProcessIsBusyAndItsHolderNamed() throws Exception {
    Namespace.run(
        () -> {
          Process holder = Namespace.java(HoldQueue.class, "7", "65536").start();
          try (BufferedReader output = holder.inputReader()) {
            assertThat(output.readLine()).isEqualTo("held 65536");
            NativeException e = refused();
            assertThat(e.kind()).isEqualTo(Kind.BUSY);
            assertThat(e)
                .hasMessage(
                    "bind queue 7: EPERM, Operation not permitted (the queue belongs to process "
                        + holder.pid()
                        + " (java); stop that, or choose another queue number)");
          } finally {
            holder.destroyForcibly().waitFor();
          }
          QueueSocket.open(OPTIONS).close();
        });
  }

  @Test
  void queueOfThisProcessIsBusyToo() throws Exception {
    Namespace.run(
        () -> {
          QueueOptions other = new QueueOptions(8, 64, false, 64, 1 << 16);
          // The second socket's port is not the process id; the holder is found all the same.
          try (QueueSocket first = QueueSocket.open(other);
              QueueSocket second = QueueSocket.open(OPTIONS)) {
            NativeException e = refused();
            assertThat(e.kind()).isEqualTo(Kind.BUSY);
            assertThat(e.hint()).contains("process " + ProcessHandle.current().pid() + " (");
            assertThat(first.number()).isEqualTo(8);
            assertThat(second.number()).isEqualTo(7);
          }
        });
  }

  @Test
  void withoutTheCapabilityItIsAQuestionOfPermission() throws Exception {
    Namespace.run(
        () -> {
          Namespace.dropCapabilities();
          NativeException e = refused();
          assertThat(e.kind()).isEqualTo(Kind.PERMISSION);
          assertThat(e)
              .hasMessageStartingWith(
                  "bind queue 7: EPERM, Operation not permitted (needs CAP_NET_ADMIN");
        });
  }

  @Test
  void threadThatLosesTheCapabilityCannotSend() throws Exception {
    Namespace.run(
        () -> {
          try (QueueSocket queue = QueueSocket.open(OPTIONS)) {
            Namespace.dropCapabilities();
            VerdictBatch verdicts = new VerdictBatch(7, 1);
            verdicts.add(1, true);
            queue.send(verdicts);
            ReceiveBatch batch = new ReceiveBatch(1, 512);
            assertThat(queue.receive(batch)).isZero();
            assertThat(queue.refusedVerdicts()).isOne();
          }
        });
  }

  private static NativeException refused() {
    return catchThrowableOfType(NativeException.class, () -> QueueSocket.open(OPTIONS).close());
  }
}
