package knockgate.gate.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import knockgate.nfq.QueueOptions;
import knockgate.nfq.QueueStatistics;
import knockgate.rules.policy.QueueSpec;

/** Whether the gate holds its queues, with room enough for what they hold. */
final class QueueCheck {
  private static final String ABOUT = "queue";

  /** Netlink's family of sockets that queues belong to, as {@code ss -n} writes it. */
  private static final String NETFILTER = "12:";

  private static final Pattern RECEIVE_BUFFER = Pattern.compile("\\brb(\\d+)");

  private final QueueSpec spec;
  private final Machine machine;
  private final List<Finding> findings = new ArrayList<>();

  private QueueCheck(QueueSpec spec, Machine machine) {
    this.spec = spec;
    this.machine = machine;
  }

  /** What is wrong with the queues. */
  static List<Finding> findings(QueueSpec spec, Machine machine) {
    QueueCheck check = new QueueCheck(spec, machine);
    if (check.holdsNone()) {
      check.findNoGate();
      return check.findings;
    }
    for (int queue = spec.number(); queue < spec.number() + spec.count(); queue++) {
      check.lookAt(queue);
    }
    return check.findings;
  }

  private boolean holdsNone() {
    return IntStream.range(spec.number(), spec.number() + spec.count())
        .noneMatch(machine.holders()::containsKey);
  }

  /** A gate that was not started anew since the policy got another number is no gate that ended. */
  private void findNoGate() {
    List<Integer> others =
        machine.holders().entrySet().stream()
            .filter(holder -> holder.getValue().isGate())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (others.isEmpty()) {
      find(
          "nobody holds queue " + spec.number() + ": the gate is not running, so no door opens",
          "systemctl start knockgate");
    } else {
      find(
          "nobody holds queue %d, so no door opens: a gate runs, but with queue %d, and queue.number"
                  .formatted(spec.number(), others.get(0))
              + " counts from its next start on",
          "systemctl restart knockgate");
    }
  }

  private void lookAt(int queue) {
    Machine.Holder holder = machine.holders().get(queue);
    if (holder == null) {
      find(
          "nobody holds queue " + queue + ", so what goes there gets no verdict",
          "systemctl restart knockgate");
    } else if (!holder.isGate()) {
      find(
          "queue " + queue + " belongs to " + holder.who() + ", so the gate cannot have it",
          "stop that, or choose another queue.number in the policy and knockgate rules --apply");
    } else {
      lookAtBuffer(queue, holder);
      machine.queues().stream().filter(line -> line.queue() == queue).forEach(this::lookAtDrops);
    }
  }

  private void lookAtBuffer(int queue, Machine.Holder holder) {
    int wanted = QueueOptions.receiveBufferFor(spec.length());
    long booked = receiveBuffer(machine.sockets(), holder.port());
    if (booked >= 0 && booked / 2 < wanted) {
      findings.add(
          new Finding(
              "buffer",
              "the socket of queue %d has a buffer of %d bytes, and a queue of %d packets needs %d"
                  .formatted(queue, booked / 2, spec.length(), wanted),
              "sysctl -w net.core.rmem_max=" + wanted + " && systemctl restart knockgate"));
    }
  }

  /** The buffer that the kernel books, twice what was asked for; -1 if it is not told. */
  static long receiveBuffer(String sockets, long port) {
    String address = NETFILTER + port;
    for (String line : sockets.lines().toList()) {
      Matcher buffer = RECEIVE_BUFFER.matcher(line);
      if (List.of(line.split("\\s+")).contains(address) && buffer.find()) {
        return Long.parseLong(buffer.group(1));
      }
    }
    return -1;
  }

  private void lookAtDrops(QueueStatistics line) {
    if (line.queueDropped() > 0) {
      find(
          "queue %d was full, and the kernel lost %d packets"
              .formatted(line.queue(), line.queueDropped()),
          "raise queue.length in the policy and restart the gate");
    }
    if (line.userDropped() > 0) {
      find(
          "the socket of queue %d was full, and the kernel lost %d packets"
              .formatted(line.queue(), line.userDropped()),
          "raise net.core.rmem_max, or lower queue.length in the policy, and restart the gate");
    }
  }

  private void find(String sentence, String cure) {
    findings.add(new Finding(ABOUT, sentence, cure));
  }
}
