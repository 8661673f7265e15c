package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import jnr.constants.platform.Errno;
import knockgate.gate.LanePulse.News;
import knockgate.gate.LanePulse.Next;
import org.junit.jupiter.api.Test;

/** The watch's conclusions, look by look. */
class LanePulseTest {
  private static final int OURS = 0;

  private final LanePulse pulse = new LanePulse();
  private long answers;
  private long decided = -1;

  private News answered(int errno) {
    return pulse.look(++answers, errno, decided, decided);
  }

  private News silent(long waiting) {
    return pulse.look(answers, OURS, decided + waiting, decided);
  }

  @Test
  void aLaneThatHearsTheKernelIsAlive() {
    for (int look = 0; look < 10; look++) {
      assertThat(answered(OURS)).isEqualTo(News.NONE);
      assertThat(pulse.isAlive()).isTrue();
      assertThat(pulse.next()).isEqualTo(Next.ASK);
    }
  }

  @Test
  void silenceIsToldOnceWhenPatienceEndsAndForgottenWithTheNextAnswer() {
    answered(OURS);
    List<News> news = new ArrayList<>();
    for (int look = 0; look < LanePulse.PATIENCE + 2; look++) {
      assertThat(pulse.isAlive()).isEqualTo(look < LanePulse.PATIENCE);
      news.add(silent(0));
    }
    assertThat(news).containsExactly(News.NONE, News.NONE, News.SILENT, News.NONE, News.NONE);
    answered(OURS);
    assertThat(pulse.isAlive()).isTrue();
  }

  @Test
  void verdictsAreAsGoodAsAnswersWhichAFloodMaySwallow() {
    answered(OURS);
    for (int look = 0; look < 10; look++) {
      decided += 64;
      assertThat(pulse.look(answers, OURS, decided + 64, decided)).isEqualTo(News.NONE);
      assertThat(pulse.isAlive()).isTrue();
    }
  }

  @Test
  void aGatekeeperThatHangsIsNotAliveThoughItsReaderAnswers() {
    answered(OURS);
    for (int look = 1; look <= LanePulse.PATIENCE; look++) {
      assertThat(pulse.isAlive()).isTrue();
      News news = pulse.look(++answers, OURS, decided + 5, decided);
      assertThat(news).isEqualTo(look == LanePulse.PATIENCE ? News.SILENT : News.NONE);
    }
    assertThat(pulse.isAlive()).isFalse();
  }

  @Test
  void aLostQueueIsBoundAgainUntilTheKernelAgrees() {
    answered(OURS);
    assertThat(answered(Errno.ENODEV.intValue())).isEqualTo(News.LOST);
    for (int look = 0; look < 5; look++) {
      assertThat(pulse.next()).isEqualTo(Next.BIND);
      assertThat(pulse.isAlive()).isFalse();
      assertThat(answered(Errno.EPERM.intValue())).as("somebody else has it").isEqualTo(News.NONE);
    }
    assertThat(answered(OURS)).isEqualTo(News.BACK);
    assertThat(pulse.next()).isEqualTo(Next.ASK);
    assertThat(pulse.isAlive()).isTrue();
  }

  @Test
  void aLostQueueIsNotBoundWhileVerdictsOfItAreToCome() {
    decided = 40;
    assertThat(pulse.look(++answers, Errno.ENODEV.intValue(), decided + 1, decided))
        .isEqualTo(News.LOST);
    assertThat(pulse.next()).isEqualTo(Next.ASK);
    decided++;
    answered(Errno.ENODEV.intValue());
    assertThat(pulse.next()).isEqualTo(Next.BIND);
  }

  @Test
  void anAnswerThatGotLostIsMadeGoodByTheNextTry() {
    answered(Errno.ENODEV.intValue());
    silent(0);
    assertThat(pulse.next()).isEqualTo(Next.BIND);
    assertThat(answered(Errno.EBUSY.intValue())).as("bound already").isEqualTo(News.BACK);
  }
}
