package knockgate.gate.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import knockgate.gate.events.EventFeed;
import knockgate.gate.fault.ExitCode;

/**
 * One client of the control socket. Used by the control thread only; never waits. The next request
 * is not read before the last answer has gone, so a client cannot pile up answers.
 */
final class Session {
  /** Bytes of events that may wait for a client that follows. */
  private static final int MOST_WAITING = 1 << 18;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Client client;
  private final Answers answers;
  private final ByteBuffer in = ByteBuffer.allocate(Request.MOST_BYTES);
  private final Deque<ByteBuffer> out = new ArrayDeque<>();
  private int waiting;
  private long followsFrom = -1;
  private boolean endsAfterAnswer;
  private long movedNs;

  Session(SocketChannel channel, SelectionKey key, Client client, Answers answers, long nowNs) {
    this.channel = channel;
    this.key = key;
    this.client = client;
    this.answers = answers;
    movedNs = nowNs;
  }

  /** What the client may do. */
  Access access() {
    return client.access();
  }

  /** Turns the client away with a sentence. */
  void refuse(ExitCode exitCode, String sentence) {
    Answer answer = new Answer();
    answer.refuse(exitCode, sentence);
    endsAfterAnswer = true;
    send(answer.bytes());
  }

  /**
   * Does what the socket is ready for.
   *
   * @throws IOException when the client is gone, or is to go
   */
  void proceed(long nowNs) throws IOException {
    if (key.isReadable()) {
      int count = channel.read(in);
      if (count < 0) {
        throw new IOException("the client has left");
      }
      movedNs = nowNs;
      answerNext();
    }
    if (key.isValid() && key.isWritable()) {
      movedNs = nowNs;
      flush();
    }
  }

  private void answerNext() throws IOException {
    int end = follows() ? -1 : endOfRequest();
    if (end >= 0) {
      String request = new String(in.array(), 0, end, StandardCharsets.UTF_8);
      in.flip().position(end);
      in.compact();
      Answer answer = answers.to(request, client);
      followsFrom = answer.followsFrom();
      send(answer.bytes());
      flush();
    } else if (!in.hasRemaining()) {
      refuse(ExitCode.USAGE, "a request has at most " + Request.MOST_BYTES + " bytes");
      flush();
    }
  }

  /** Where the empty line ends, or -1. */
  private int endOfRequest() {
    byte[] bytes = in.array();
    for (int i = 0; i < in.position(); i++) {
      boolean afterNewline = i == 0 || bytes[i - 1] == '\n';
      if (bytes[i] == '\n' && afterNewline) {
        return i + 1;
      }
    }
    return -1;
  }

  private void send(ByteBuffer bytes) {
    out.add(bytes);
    waiting += bytes.remaining();
    wantToWrite();
  }

  private void wantToWrite() {
    key.interestOps(out.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
  }

  private void flush() throws IOException {
    while (!out.isEmpty()) {
      ByteBuffer first = Objects.requireNonNull(out.peek());
      waiting -= channel.write(first);
      if (first.hasRemaining()) {
        return;
      }
      out.remove();
    }
    if (endsAfterAnswer) {
      throw new IOException("the client was turned away");
    }
    wantToWrite();
    if (in.position() > 0) {
      answerNext();
    }
  }

  /** Whether it takes events. */
  boolean follows() {
    return followsFrom >= 0;
  }

  /**
   * Hands it an event's line. What it did not take counts from then on, not from when it was heard
   * of last: between two events it is quiet by right.
   *
   * @return false when it has no room for it
   */
  boolean offer(EventFeed.Line line, long nowNs) {
    if (line.order() < followsFrom) {
      return true;
    }
    if (waiting + line.text().remaining() > MOST_WAITING) {
      return false;
    }
    if (out.isEmpty()) {
      movedNs = nowNs;
    }
    send(line.text().duplicate());
    return true;
  }

  /** Whether it has had its time: it neither asks nor takes its answer. */
  boolean isOverdue(long nowNs, long limitNs) {
    boolean quietByRight = follows() && out.isEmpty();
    return !quietByRight && nowNs - movedNs > limitNs;
  }

  /** Whether there is an answer that it has not taken yet. */
  boolean hasAnswerLeft() {
    return !out.isEmpty();
  }

  void close() {
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      // it is gone, which is what was wanted
    }
  }
}
