package knockgate.rules.words;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Guesses the word that somebody meant. */
public final class Spelling {
  private Spelling() {}

  /** A sentence's end: "did you mean strict?", or the words there are. */
  public static String hint(String wrong, Collection<String> words) {
    String nearest = nearest(wrong, words);
    if (nearest != null) {
      return "did you mean " + nearest + "?";
    }
    List<String> sorted = words.stream().sorted().toList();
    return sorted.size() <= 2
        ? "write " + String.join(" or ", sorted)
        : "write one of " + String.join(", ", sorted);
  }

  /** The word fewest edits away, if that is at most a third of its letters; the first of equals. */
  static @Nullable String nearest(String wrong, Collection<String> words) {
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String word : words) {
      int distance = distance(wrong, word);
      if (distance < bestDistance && distance <= Math.max(1, word.length() / 3)) {
        best = word;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Edits between two words: letters added, left out, replaced, or two neighbours swapped. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int best = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), 1 + cost[i - 1][j]);
    best = Math.min(best, 1 + cost[i][j - 1]);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, 1 + cost[i - 2][j - 2]) : best;
  }
}
