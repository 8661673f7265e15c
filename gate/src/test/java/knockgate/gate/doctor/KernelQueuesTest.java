package knockgate.gate.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import knockgate.nfq.QueueStatistics;
import org.junit.jupiter.api.Test;

class KernelQueuesTest {
  private final KernelQueues queues =
      new KernelQueues(
          List.of(
              new QueueStatistics(3, 77, 4, 2, 256, 8, 9, 100),
              new QueueStatistics(4, 4_000_000_000L, 5, 2, 256, 6, 7, 100)));

  @Test
  void aQueueOfThatSocketIsTold() {
    assertThat(queues.of(3, 77))
        .isEqualTo(Map.of("waiting", 4L, "queue_dropped", 8L, "socket_dropped", 9L));
  }

  @Test
  void aQueueOfAnotherNumberOrSocketIsNot() {
    assertThat(queues.of(5, 77)).isEmpty();
    assertThat(queues.of(4, 77)).isEmpty();
    assertThat(queues.of(3, 4_000_000_000L)).isEmpty();
  }
}
