package knockgate.rules.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
  /** Sections of RFC 5952 in brackets. */
  @ParameterizedTest
  @CsvSource({
    "192.0.2.10, 192.0.2.10",
    "192.0.2.0/24, 192.0.2.0/24",
    "192.0.2.10/32, 192.0.2.10",
    "0.0.0.0/0, 0.0.0.0/0",
    "255.255.255.255, 255.255.255.255",
    "2001:0db8::0001, 2001:db8::1", // [4.1] no leading zeros
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1", // [4.2.1] as short as possible
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", // [4.2.2] not for one group
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1", // [4.2.3] the longest run
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", // [4.2.3] the first of equals
    "2001:DB8::AbCd, 2001:db8::abcd", // [4.3] lower case
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "1::, 1::",
    "0:0:1::, 0:0:1::",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::ffff:0:0/96, 0.0.0.0/0",
    "::1.2.3.4, ::102:304",
    "2001:db8::/48, 2001:db8::/48",
    "2001:db8::/128, 2001:db8::",
    "::/0, ::/0",
  })
  void isReadAndWrittenBack(String text, String written) {
    assertThat(Prefix.parse(text)).hasToString(written);
    assertThat(Prefix.parse(Prefix.parse(text).toString())).isEqualTo(Prefix.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/",
        "/24",
        "localhost",
        "example.org",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "01x.2.3.4",
        "1.2.3.4 ",
        "0x7f.0.0.1",
        "2130706433",
        "1.2.3.4/33",
        "1.2.3.4/-1",
        "1.2.3.4/",
        "1.2.3.4/a",
        "1.2.3.4/24/24",
        "::/129",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "::g",
        "fe80::1%eth0",
        "[::1]",
        ":",
        "::1.2.3",
        "1.2.3.4/024000"
      })
  void otherTextIsRefusedWithASentence(String text) {
    assertThatThrownBy(() -> Prefix.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s)\".*\".* (is not an|is a number).*");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1/24, 192.0.2.0/24",
    "10.0.0.1/0, 0.0.0.0/0",
    "2001:db8::1/64, 2001:db8::/64",
    "2001:db8:0:0:8000::/64, 2001:db8::/64",
  })
  void bitsBehindThePrefixAreRefusedWithTheCure(String text, String cure) {
    assertThatThrownBy(() -> Prefix.parse(text))
        .hasMessage("\"" + text + "\" has bits set behind its prefix; did you mean " + cure + "?");
  }

  @Test
  void holdsTheAddressesThatShareItsBits() {
    Prefix v4 = Prefix.parse("192.0.2.0/25");
    assertThat(v4.contains(0, Prefix.v4(0xc0000200))).isTrue();
    assertThat(v4.contains(0, Prefix.v4(0xc000027f))).isTrue();
    assertThat(v4.contains(0, Prefix.v4(0xc0000280))).isFalse();
    Prefix v6 = Prefix.parse("2001:db8::/72");
    assertThat(v6.contains(0x20010db800000000L, 0x00ffffffffffffffL)).isTrue();
    assertThat(v6.contains(0x20010db800000000L, 0x0100000000000000L)).isFalse();
    assertThat(v6.contains(0x20010db800000001L, 0)).isFalse();
  }

  @Test
  void theTwoFamiliesNeverMeet() {
    assertThat(Prefix.parse("0.0.0.0/0").contains(0x20010db800000000L, 1)).isFalse();
    assertThat(Prefix.parse("0.0.0.0/0").contains(0, 1)).isFalse();
    for (String v6 : new String[] {"::/0", "::/16", "::/80", "::/95"}) {
      assertThat(Prefix.parse(v6).contains(0, Prefix.v4(0xc0000200))).as(v6).isFalse();
    }
    assertThat(Prefix.parse("::/0").contains(0x20010db800000000L, 1)).isTrue();
    assertThat(Prefix.isV4(0, Prefix.v4(-1))).isTrue();
    assertThat(Prefix.isV4(0, 1)).isFalse();
    assertThat(Prefix.isV4(1, Prefix.v4(1))).isFalse();
  }

  @Test
  void lengthOutsideTheAddressIsRefused() {
    assertThatThrownBy(() -> new Prefix(0, 0, 129)).hasMessage("prefix length 129");
    assertThatThrownBy(() -> new Prefix(0, 0, -1)).hasMessage("prefix length -1");
  }

  @Test
  void masksAgreeWithTheTwin() {
    for (int length = 0; length <= 128; length++) {
      BigInteger mask =
          BigInteger.ONE.shiftLeft(length).subtract(BigInteger.ONE).shiftLeft(128 - length);
      assertThat(Prefix.maskHi(length)).as("/" + length).isEqualTo(mask.shiftRight(64).longValue());
      assertThat(Prefix.maskLo(length)).as("/" + length).isEqualTo(mask.longValue());
    }
  }

  @Test
  void writtenAddressesAreReadAsTheLibraryReadsThem() throws Exception {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5_000; round++) {
      long hi = sparse(random);
      long lo = sparse(random);
      String text = Prefix.address(hi, lo);
      byte[] bytes = InetAddress.getByName(text).getAddress();
      BigInteger expected =
          new BigInteger(Long.toUnsignedString(hi))
              .shiftLeft(64)
              .add(new BigInteger(Long.toUnsignedString(lo)));
      assertThat(new BigInteger(1, bytes)).as(text + ", seed " + seed).isEqualTo(expected);
      assertThat(Prefix.parse(text)).as("seed " + seed).isEqualTo(new Prefix(hi, lo, 128));
    }
  }

  private static long sparse(SplittableRandom random) {
    long groups = 0;
    for (int shift = 0; shift < 64; shift += 16) {
      groups |= random.nextBoolean() ? random.nextLong(0x10000) << shift : 0;
    }
    return groups;
  }
}
