package knockgate.rules.hocon;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KeyScannerTest {
  @Test
  void keysAreFoundWithTheirLines() {
    String[][] rows = {
      {"", ""},
      {"a = 1", "a:1"},
      {"{ a : 1 }", "a:1"},
      {"a = 1\n\nb = 2", "a:1 b:3"},
      {"a = 1, b = 2", "a:1 b:1"},
      {"a { b { c = 1 } }\nd = 2", "a:1 a.b:1 a.b.c:1 d:2"},
      {"a.b.c = 1", "a.b.c:1"},
      {"\"x.y\".z = 1", "x.y.z:1"},
      {"a =\n  1\nb = 2", "a:1 b:3"},
      {"a\n{\n b = 1 }", "a:1 a.b:3"},
      {"# a = 1\n// b = 1\nc = 1 # d = 1", "c:3"},
      {"a = \"} # {\"\nb = 1", "a:1 b:2"},
      {"a = \"\\\"} \" \nb = 1", "a:1 b:2"},
      {"a = \"\"\"}\n\"\n{\"\"\"\"\nb = 1", "a:1 b:4"},
      {"a = ${x} { b = 1 } ${?y.z}\nc = 1", "a:1 a.b:1 c:2"},
      {"a = [ { b = 1 }, 2\n [ 3 ]\n] [ 4 ]\nc = 1", "a:1 a.[].b:1 c:4"},
      {"a += 1\nb += { c = 1 }", "a:1 b:2 b.c:2"},
      {"a# x = 1\n= 2\nb // {\n{ c#\n+= 1 }", "a:1 b:3 b.c:4"},
      {"a = { b = 1 } { c = 2 }", "a:1 a.b:1 a.c:1"},
      {"\ufeffa = 1\r\nb = 2\r\n", "a:1 b:2"},
      {"include \"x\"\na { include required(file(\"y\"))\n b = 1 }", "<>:1 a:2 <a>:2 a.b:3"},
      {"include = 1\nincluded = 2", "include:1 included:2"},
      {"a = b c http:x # \"\nb = tcp/993", "a:1 b:2"},
    };
    for (String[] row : rows) {
      StringBuilder found = new StringBuilder();
      for (KeyScanner.Key key : KeyScanner.keys(row[0])) {
        String path = String.join(".", key.path());
        found.append(key.include() ? "<" + path + ">" : path).append(":").append(key.line());
        found.append(" ");
      }
      assertThat(found.toString().strip()).as(row[0]).isEqualTo(row[1]);
    }
  }

  @Test
  void keysAreThoseThatTheLibraryFinds() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 2_000; round++) {
      String text = object(random, 3);
      Config parsed = ConfigFactory.parseString(text);
      Set<String> expected = new TreeSet<>();
      collect(parsed.root(), new ArrayList<>(), expected);
      Set<String> found = new TreeSet<>();
      for (KeyScanner.Key key : KeyScanner.keys(text)) {
        boolean inList = key.path().contains("[]");
        for (int size = 1; !inList && size <= key.path().size(); size++) {
          found.add(key.path().subList(0, size).toString());
        }
      }
      assertThat(found).as("seed " + seed + ", text\n" + text).isEqualTo(expected);
    }
  }

  private static void collect(ConfigObject object, List<String> path, Set<String> into) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      List<String> below = new ArrayList<>(path);
      below.add(entry.getKey());
      into.add(below.toString());
      if (entry.getValue() instanceof ConfigObject next) {
        collect(next, below, into);
      }
    }
  }

  /** Fields of distinct names, as HOCON may write them; scalars never hide an object. */
  private static String object(SplittableRandom random, int depth) {
    StringBuilder text = new StringBuilder();
    String[] names = {"a", "b.c", "\"d.e\"", "\"f # {\"", "g h"};
    int count = random.nextInt(names.length + 1);
    for (int i = 0; i < count; i++) {
      text.append(pick(random, "", " ", "\n", "\n# x = {\n", " // }\n\n"));
      text.append(names[i]);
      if (depth > 0 && random.nextInt(3) == 0) {
        text.append(pick(random, "{", " = {", " : {\n", "\n{", "# }\n= {", " // =\n{"));
        text.append(object(random, depth - 1)).append("\n}");
      } else {
        text.append(pick(random, "=", " : ", " =\n ", "# {\n=", " // }\n :"));
        text.append(
            pick(
                random,
                "1",
                "\"}\"",
                "\"\\\"{\"",
                "\"\"\"\n}\"\"\"\"",
                "[1, [{x = 1}\n]]",
                "u v/w",
                "null",
                "\"a\" b",
                "[\n# ]\n]"));
      }
      text.append(pick(random, ",", "\n", " , ", "\n\n"));
    }
    return text.toString();
  }

  private static String pick(SplittableRandom random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
