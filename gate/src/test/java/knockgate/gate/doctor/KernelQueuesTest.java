package knockgate.gate.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import knockgate.nfq.QueueStatistics;
import org.junit.jupiter.api.Test;

class KernelQueuesTest {
  private static final long SECOND_SOCKET = 4_000_000_000L;

  private final KernelQueues queues =
      new KernelQueues(
          List.of(
              new QueueStatistics(3, 77, 4, 2, 256, 8, 9, 100),
              new QueueStatistics(4, SECOND_SOCKET, 5, 2, 256, 6, 7, 100)),
          (pid, portId) -> pid == 77 && portId == SECOND_SOCKET);

  @Test
  void aQueueOfThatProcessIsTold() {
    assertThat(queues.of(3, 77))
        .isEqualTo(Map.of("waiting", 4L, "queue_dropped", 8L, "socket_dropped", 9L));
  }

  @Test
  void aQueueOfAnotherSocketOfThatProcessIsToldToo() {
    assertThat(queues.of(4, 77))
        .isEqualTo(Map.of("waiting", 5L, "queue_dropped", 6L, "socket_dropped", 7L));
  }

  @Test
  void aQueueOfAnotherNumberOrProcessIsNot() {
    assertThat(queues.of(5, 77)).isEmpty();
    assertThat(queues.of(3, 78)).isEmpty();
    assertThat(queues.of(4, 78)).isEmpty();
  }
}
