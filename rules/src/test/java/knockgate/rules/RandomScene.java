package knockgate.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import knockgate.rules.SlowDoor.Messages;
import knockgate.rules.SlowDoor.Ports;
import knockgate.rules.SlowDoor.Rotating;
import knockgate.rules.SlowDoor.Step;
import knockgate.rules.SlowGatekeeper.Arrival;
import org.jspecify.annotations.Nullable;

/**
 * Doors and packets that are made up: few ports and peers, so that doors share them, and knocks
 * that are mostly right, so that sequences go wrong near their end as often as at their start.
 */
final class RandomScene {
  /** A policy's doors, and the packets that come before the next policy does. */
  record Era(List<SlowDoor> doors, List<Arrival> arrivals) {}

  private static final List<Step> KNOCKS =
      steps("tcp/1 tcp/2 tcp/3 tcp/22 udp/1 udp/2 udp/53 icmp/0 icmp/8");
  private static final List<Step> OTHERS =
      steps(
          "tcp/0 tcp/9 tcp/999 tcp/1005 tcp/1011 tcp/65535 tcp/20000 tcp/20256 udp/0 udp/9"
              + " udp/30000 icmp/1 echo-reply/8 other-icmp/8 sctp/22 udplite/53");
  private static final List<Ports> PROTECTED =
      List.of(
          new Ports("tcp", 22, 22),
          new Ports("tcp", 22, 22),
          new Ports("tcp", 1000, 1010),
          new Ports("tcp", 3, 3),
          new Ports("udp", 53, 53),
          new Ports("udp", 1, 5));
  private static final List<String> PEERS =
      List.of(
          "198.51.100.1",
          "198.51.100.2",
          "2001:db8::1",
          "2001:db8::2",
          "198.51.101.1",
          "2001:db8:0:1::1",
          "192.0.2.10");
  private static final List<String> NO_SYN =
      List.of("SA", "A", "R", "F", "", "SF", "SEC", "SR", "SRA", "FPU", "RA", "FSRPAUEC", "FRP");

  final SlowGatekeeper.Terms terms;
  final boolean observe;
  final int lanes;
  final List<Era> eras = new ArrayList<>();
  private final SplittableRandom random;
  private final int peers;
  private final boolean isCalm;
  private final Map<String, Long> timeSteps = new HashMap<>();
  private final Map<String, Integer> places = new HashMap<>();
  private List<SlowDoor> doors = List.of();
  private final List<Arrival> arrivals = new ArrayList<>();
  private long nowMs;

  RandomScene(long seed, int packets) {
    random = new SplittableRandom(seed);
    terms =
        new SlowGatekeeper.Terms(
            random.nextBoolean(),
            Set.of("192.0.2.10"),
            one(Arrays.asList(null, null, null, 1, 2, 5)),
            1_700_000_000_000L + random.nextInt(100_000));
    observe = chance(10);
    lanes = 1 + random.nextInt(2);
    peers = 1 + random.nextInt(PEERS.size());
    isCalm = random.nextBoolean();
    nowMs = one(List.of(0L, 5L, 1_000_000_000L));
    List<SlowDoor> all = new ArrayList<>();
    for (int i = 1 + random.nextInt(1 + random.nextInt(5)); i > 0; i--) {
      all.add(door("d" + i));
    }
    int eraCount = chance(4) ? 4 : 1;
    for (int era = 0; era < eraCount; era++) {
      doors = era == 0 ? all : next(all);
      int from = arrivals.size();
      while (arrivals.size() < (era + 1) * packets / eraCount) {
        arrive();
      }
      eras.add(new Era(doors, new ArrayList<>(arrivals.subList(from, arrivals.size()))));
    }
  }

  private static List<Step> steps(String words) {
    return Stream.of(words.split(" ", -1))
        .map(word -> word.split("/", -1))
        .map(parts -> new Step(parts[0], Integer.parseInt(parts[1])))
        .toList();
  }

  private SlowDoor door(String name) {
    boolean isTimed = !chance(3);
    boolean isImported = chance(4);
    @Nullable Rotating rotating =
        chance(5)
            ? new Rotating(
                new Ports(chance(3) ? "udp" : "tcp", 20_000, 20_255), 3, chance(2) ? 10 : 20)
            : null;
    boolean isWindowed = !isTimed && rotating == null || chance(3);
    List<Step> from = chance(2) ? KNOCKS : chance(3) ? KNOCKS.subList(3, 9) : KNOCKS.subList(0, 4);
    @Nullable Messages messages = rotating == null && chance(4) ? messages() : null;
    return new SlowDoor(
        name,
        some(PROTECTED, 1 + random.nextInt(3)),
        rotating != null || messages != null ? List.of() : some(from, 1 + random.nextInt(5)),
        rotating,
        messages,
        new SlowDoor.Terms(
            !chance(3),
            isTimed ? one(List.of(10_000L, 1000L, 3000L, 1L)) : null,
            isWindowed ? one(List.of(15_000L, 2000L, 3000L)) : null,
            isImported
                ? "any"
                : one(
                    List.of(
                        "syn", "syn", "any", "[ fin ]", "[ syn, \"!ack\" ]", "[ rst, \"!syn\" ]")),
            !isImported && !chance(4),
            !isImported && !chance(4)),
        one(Arrays.asList(3_600_000L, 60_000L, 5000L, 1000L, null)),
        one(List.of(32, 32, 24, 31, 16, 8)),
        one(List.of(128, 128, 64, 48, 127)),
        chance(4) ? 1 + random.nextInt(3) : null);
  }

  private Messages messages() {
    int port = one(List.of(1, 2, 53, 4002));
    return new Messages(port, random.nextInt(3), chance(3), chance(2), chance(3));
  }

  /** Doors after a reload: some gone, some come back, some changed, in another order. */
  private List<SlowDoor> next(List<SlowDoor> all) {
    List<SlowDoor> next = new ArrayList<>();
    for (SlowDoor door : all) {
      if (!chance(4) || all.size() == 1) {
        next.add(random.nextInt(next.size() + 1), chance(4) ? changed(door) : door);
      }
    }
    return next.isEmpty() ? all : next;
  }

  /** The name stays, and what a grant is. */
  private SlowDoor changed(SlowDoor door) {
    SlowDoor other = door(door.name());
    return new SlowDoor(
        door.name(),
        other.protects(),
        other.knock(),
        other.rotating(),
        other.messages(),
        other.terms(),
        door.autoclose(),
        door.coversV4(),
        door.coversV6(),
        door.connections());
  }

  private void arrive() {
    String peer = PEERS.get(random.nextInt(peers));
    SlowDoor door = one(doors);
    nowMs += pause(peer, door);
    int dice = random.nextInt(100);
    Messages messages = door.messages();
    if (dice < 60 && messages != null) {
      addMessage(door, messages, peer);
    } else if (dice < 60) {
      add(peer, nextKnock(door, peer), rightFlags(door));
    } else if (dice < 72) {
      sendAgain(peer);
    } else if (dice < 85) {
      Ports ports = one(door.protects());
      add(peer, new Step(ports.protocol(), chance(2) ? ports.from() : ports.to()), "S");
    } else {
      add(peer, one(dice < 92 ? KNOCKS : OTHERS), chance(2) ? "S" : one(NO_SYN));
    }
  }

  private Step nextKnock(SlowDoor door, String peer) {
    String key = door.name() + peer;
    int place = places.merge(key, 1, Integer::sum) - 1;
    if (place == 0 || chance(30)) {
      List<Long> counting = door.timeSteps(terms.startMs() + nowMs);
      timeSteps.put(key, one(counting) + (chance(6) ? random.nextInt(3) - 1 : 0));
    }
    List<Step> sequence = door.sequence(Objects.requireNonNull(timeSteps.get(key)));
    if (place >= sequence.size() - 1 || chance(30)) {
      places.remove(key);
    }
    return sequence.get(Math.min(place, sequence.size() - 1));
  }

  /** Mostly a good one, of this minute, to its port. */
  private void addMessage(SlowDoor door, Messages messages, String peer) {
    String what = one(List.of("open", "open", "open", "open", "close", "close", "opem"));
    long minute = (terms.startMs() + nowMs) / 60_000 + (chance(3) ? random.nextInt(7) - 3 : 0);
    Step to = new Step("udp", chance(8) ? one(KNOCKS).number() : messages.port());
    Arrival from = new Arrival(nowMs, chance(20) ? one(PEERS) : peer, to, "", 0, 0, "");
    String digits = door.digits(what, from.address(), minute);
    String payload = chance(20) ? digits.toUpperCase(Locale.ROOT) : digits;
    String tail = one(List.of("", "\n", "\n", "a", "0", "ab"));
    arrivals.add(new Arrival(nowMs, peer, to, "S", id(), sequence(), payload + tail));
  }

  private static String rightFlags(SlowDoor door) {
    return switch (door.terms().flags()) {
      case "[ fin ]" -> "FA";
      case "[ rst, \"!syn\" ]" -> "R";
      default -> "S";
    };
  }

  /** A packet that came before, or nearly. */
  private void sendAgain(String peer) {
    for (int back = arrivals.size() - 1; back >= Math.max(0, arrivals.size() - 12); back--) {
      Arrival was = arrivals.get(back);
      if (was.source().equals(peer) && !chance(3)) {
        arrivals.add(
            new Arrival(
                nowMs,
                peer,
                was.to(),
                chance(6) ? one(NO_SYN) : was.flags(),
                chance(6) ? id() : was.id(),
                chance(6) ? sequence() : was.sequence(),
                chance(6) ? payload() : was.payload()));
        return;
      }
    }
  }

  private void add(String peer, Step to, String flags) {
    arrivals.add(new Arrival(nowMs, peer, to, flags, id(), sequence(), payload()));
  }

  private int id() {
    return 40_000 + random.nextInt(2);
  }

  private int sequence() {
    return random.nextInt(10);
  }

  private String payload() {
    return one(List.of("", "a", "b", "ab", "ba"));
  }

  /** Mostly short; else to within a millisecond of a limit that an earlier packet set. */
  private long pause(String peer, SlowDoor door) {
    int dice = random.nextInt(isCalm ? 200 : 60);
    if (dice < 12) {
      Long limit = one(Arrays.asList(door.terms().time(), door.window(), door.autoclose()));
      List<Arrival> earlier = arrivals.subList(Math.max(0, arrivals.size() - 12), arrivals.size());
      List<Arrival> own = earlier.stream().filter(was -> was.source().equals(peer)).toList();
      if (limit != null && !own.isEmpty()) {
        return Math.max(0, one(own).atMs() + limit + random.nextInt(3) - 1 - nowMs);
      }
    } else if (dice == 12 && terms.firstKnocks() != null) {
      return 1000L / terms.firstKnocks() - random.nextInt(2);
    } else if (dice == 13) {
      return 10_000 - (terms.startMs() + nowMs) % 10_000 - random.nextInt(2);
    }
    return dice < 40 ? random.nextInt(3) : random.nextInt(800);
  }

  private boolean chance(int in) {
    return random.nextInt(in) == 0;
  }

  private <T extends @Nullable Object> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private <T> List<T> some(List<T> of, int count) {
    List<T> some = new ArrayList<>();
    while (some.size() < count) {
      some.add(one(of));
    }
    return some;
  }
}
