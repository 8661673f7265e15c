package knockgate.gate;

import jnr.constants.platform.Errno;

/**
 * What the watch knows of one lane: whether its reader hears the kernel, its verdicts go out, and
 * its queue is its own. One look a second; owned by the watch's thread.
 */
final class LanePulse {
  /** Looks in a row; a flood may swallow an answer, and a pause of the JVM a second or two. */
  static final int PATIENCE = 3;

  /** What to do after a look. */
  enum Next {
    /** Ask the kernel whether the queue is ours. */
    ASK,
    /** Bind the queue again. */
    BIND
  }

  /** What a look has shown that was not known before. */
  enum News {
    NONE,
    /** The queue is not ours any more. */
    LOST,
    /** It is ours again. */
    BACK,
    /** The lane does not answer. */
    SILENT
  }

  private long answers;
  private long decided = -1;
  private int unanswered;
  private int stuck;
  private boolean lost;

  /** Whether every packet that was read had its verdict. */
  private boolean idle;

  /**
   * One look.
   *
   * @param answersNow answers of the kernel that the reader has read so far
   * @param errno what the last of them said, 0 = the queue is ours
   * @param readNow place in the ring of the last packet that was read
   * @param decidedNow place in the ring of the last packet that got its verdict
   */
  News look(long answersNow, int errno, long readNow, long decidedNow) {
    final boolean wasAlive = answersInTime();
    boolean answered = answersNow != answers;
    boolean moved = decidedNow != decided;
    unanswered = answered || moved ? 0 : unanswered + 1;
    stuck = decidedNow < readNow && !moved ? stuck + 1 : 0;
    idle = decidedNow >= readNow;
    answers = answersNow;
    decided = decidedNow;
    if (answered && lost != isLoss(errno)) {
      lost = !lost;
      return lost ? News.LOST : News.BACK;
    }
    return wasAlive && !answersInTime() ? News.SILENT : News.NONE;
  }

  /** EBUSY answers a second try to bind: the queue is ours already. */
  private static boolean isLoss(int errno) {
    return errno != 0 && errno != Errno.EBUSY.intValue();
  }

  /** What is to be done now. No late verdict of the lost queue may meet a packet of the new one. */
  Next next() {
    return lost && idle ? Next.BIND : Next.ASK;
  }

  /** Whether packets get their verdicts. */
  boolean isAlive() {
    return !lost && answersInTime();
  }

  private boolean answersInTime() {
    return unanswered < PATIENCE && stuck < PATIENCE;
  }
}
