package knockgate.gate.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import knockgate.nfq.QueueStatistics;
import org.junit.jupiter.api.Test;

class KernelQueuesTest {
  private final KernelQueues queues =
      new KernelQueues(List.of(new QueueStatistics(3, 77, 4, 2, 256, 8, 9, 100)));

  @Test
  void aQueueOfThatProcessIsTold() {
    assertThat(queues.of(3, 77))
        .isEqualTo(Map.of("waiting", 4L, "queue_dropped", 8L, "socket_dropped", 9L));
  }

  @Test
  void aQueueOfAnotherNumberOrProcessIsNot() {
    assertThat(queues.of(4, 77)).isEmpty();
    assertThat(queues.of(3, 78)).isEmpty();
  }
}
