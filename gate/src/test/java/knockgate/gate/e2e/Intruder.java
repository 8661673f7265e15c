package knockgate.gate.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Somebody with root's power over a process: unbinds a queue through a copy of its own socket, or
 * stops one of its threads.
 */
final class Intruder {
  private static final long PIDFD_OPEN = 434;
  private static final long PIDFD_GETFD = 438;
  private static final int PTRACE_DETACH = 17;
  private static final int PTRACE_SEIZE = 0x4206;
  private static final int PTRACE_INTERRUPT = 0x4207;
  private static final int NETLINK_NETFILTER = 12;

  private Intruder() {}

  /** Takes queue 0 away from a process: the kernel believes that it gave it up itself. */
  static void unbindQueue(long pid) {
    int fd = copyOf(pid, netfilterSocket(pid));
    try {
      ByteBuffer message = ByteBuffer.allocate(28).order(ByteOrder.nativeOrder());
      message.putInt(0, message.capacity());
      message.putShort(4, (short) 0x302); // NFQNL_MSG_CONFIG
      message.putShort(6, (short) 1); // NLM_F_REQUEST, and no answer
      message.putShort(20, (short) 8).putShort(22, (short) 1); // NFQA_CFG_CMD
      message.put(24, (byte) 2); // NFQNL_CFG_CMD_UNBIND
      Sys.check("unbind", Sys.C.send(fd, message.array(), message.capacity(), 0));
    } finally {
      Sys.C.close(fd);
    }
  }

  private static int copyOf(long pid, int descriptor) {
    int process = Sys.check("pidfd_open", Sys.C.syscall(PIDFD_OPEN, pid, 0, 0));
    try {
      return Sys.check("pidfd_getfd", Sys.C.syscall(PIDFD_GETFD, process, descriptor, 0));
    } finally {
      Sys.C.close(process);
    }
  }

  /**
   * The process's descriptor of a netfilter socket that has a port, by the table of its sockets.
   */
  private static int netfilterSocket(long pid) {
    Path proc = Path.of("/proc/" + pid);
    try {
      for (String line : Files.readAllLines(proc.resolve("net/netlink"))) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns[1].equals("" + NETLINK_NETFILTER) && !columns[2].equals("0")) {
          int descriptor = descriptor(proc.resolve("fd"), "socket:[" + columns[9] + "]");
          if (descriptor >= 0) {
            return descriptor;
          }
        }
      }
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
    throw new AssertionError("process " + pid + " has no netfilter socket");
  }

  private static int descriptor(Path folder, String target) throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder)) {
      for (Path descriptor : descriptors) {
        if (Files.readSymbolicLink(descriptor).toString().equals(target)) {
          return Integer.parseInt(descriptor.getFileName().toString());
        }
      }
    }
    return -1;
  }

  /**
   * Stops one thread of a process while {@code meanwhile} runs. The calling thread becomes its
   * tracer, and no other thread of the process is touched.
   */
  static void whileStopped(long pid, String threadName, Runnable meanwhile) {
    int thread = thread(pid, threadName);
    Sys.check("seize", Sys.C.ptrace(PTRACE_SEIZE, thread, 0, 0));
    try {
      Sys.check("interrupt", Sys.C.ptrace(PTRACE_INTERRUPT, thread, 0, 0));
      meanwhile.run();
    } finally {
      Sys.check("detach", Sys.C.ptrace(PTRACE_DETACH, thread, 0, 0));
    }
  }

  private static int thread(long pid, String name) {
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        if (Files.readString(task.resolve("comm")).strip().equals(name)) {
          return Integer.parseInt(task.getFileName().toString());
        }
      }
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
    throw new AssertionError("process " + pid + " has no thread " + name);
  }
}
