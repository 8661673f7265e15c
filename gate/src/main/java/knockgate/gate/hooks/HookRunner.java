package knockgate.gate.hooks;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs hooks: at most {@link #MOST_RUNNING} at a time, each for its time at most, those of one peer
 * one after the other. Their input is empty, their output is thrown away, what they complain of
 * goes where the gate's own words go. Of the environment they get PATH only.
 *
 * <p>Called by one thread, the {@link HookWatch}'s; its own threads end when there is nothing to
 * do.
 */
final class HookRunner implements AutoCloseable {
  static final int MOST_RUNNING = 4;

  /** For each of them. */
  static final int MOST_WAITING = 256;

  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));
  private static final long IDLE_SECONDS = 30;
  private static final long FAREWELL_SECONDS = 2;
  private static final Duration TO_TIDY_UP = Duration.ofMillis(500);

  /** A program that always fails must not fill the log. */
  private static final long COMPLAIN_EVERY_NS = 1_000_000_000L;

  /**
   * One run.
   *
   * @param what for people, such as {@code on-open of door imap for 203.0.113.9}
   * @param argv program and arguments, filled
   * @param before run just before it, in the same thread
   * @param after run behind it, however it ended, unless it was the gate that ended
   */
  record Job(String what, List<String> argv, Duration timeout, Runnable before, Runnable after) {}

  private final List<ThreadPoolExecutor> workers;
  private final PrintStream err;
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private long complainedNs = System.nanoTime() - COMPLAIN_EVERY_NS;
  private long unsaid;

  HookRunner(PrintStream err) {
    this.err = err;
    workers = IntStream.range(0, MOST_RUNNING).mapToObj(i -> worker()).toList();
  }

  private static ThreadPoolExecutor worker() {
    ThreadPoolExecutor worker =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            HookRunner::thread);
    worker.allowCoreThreadTimeOut(true);
    return worker;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "hook");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Has a job done, some time.
   *
   * @param key jobs of one key run one after the other, in their order
   * @return false when there is no room for it
   */
  boolean offer(int key, Job job) {
    ThreadPoolExecutor worker = workers.get(Math.floorMod(key, MOST_RUNNING));
    if (worker.isShutdown() || worker.getQueue().remainingCapacity() == 0) {
      return false;
    }
    worker.execute(() -> run(job));
    return true;
  }

  private void run(Job job) {
    started.getAndIncrement();
    job.before().run();
    @Nullable String fault = HookProgram.fault(Path.of(job.argv().get(0)));
    try {
      if (fault == null) {
        fault = outcome(job);
      }
      job.after().run();
    } catch (InterruptedException e) {
      fault = "was ended with the gate";
    }
    if (fault != null) {
      failed(job.what() + ": " + job.argv().get(0) + " " + fault);
    }
  }

  private static @Nullable String outcome(Job job) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(job.argv());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", PATH);
    builder.directory(new File("/")).redirectInput(NOTHING).redirectOutput(Redirect.DISCARD);
    builder.redirectError(Redirect.INHERIT);
    try {
      Process process = builder.start();
      try {
        if (process.waitFor(job.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
          return process.exitValue() == 0 ? null : "ended with " + process.exitValue();
        }
        end(process);
        return "took longer than " + job.timeout().toMillis() + " ms and was ended";
      } catch (InterruptedException e) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      return "cannot be started: " + e.getMessage();
    }
  }

  /** First it may tidy up; then it goes, and all that it has started. */
  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroy();
    process.waitFor(TO_TIDY_UP.toMillis(), TimeUnit.MILLISECONDS);
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }

  /** Counts, and says it unless something was said within the second. */
  synchronized void failed(String sentence) {
    failed.getAndIncrement();
    long nowNs = System.nanoTime();
    if (nowNs - complainedNs < COMPLAIN_EVERY_NS) {
      unsaid++;
      return;
    }
    complainedNs = nowNs;
    String more = unsaid == 0 ? "" : " (and " + unsaid + " more before)";
    err.println("knockgate: hook " + sentence + more);
    unsaid = 0;
  }

  /** Hooks that were started, since the start. */
  long started() {
    return started.get();
  }

  /** Hooks that did not end well, since the start. */
  long failed() {
    return failed.get();
  }

  /** Lets what runs go on for two seconds, and ends the rest. */
  @Override
  public void close() {
    workers.forEach(ThreadPoolExecutor::shutdown);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FAREWELL_SECONDS);
    try {
      for (ThreadPoolExecutor worker : workers) {
        worker.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.forEach(ThreadPoolExecutor::shutdownNow);
  }
}
