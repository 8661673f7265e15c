package knockgate.gate.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Completion for zsh in its own language: unlike the script for bash, which zsh can run too, it
 * tells what each command and option is for.
 *
 * <p>One shell function for each command. {@code _arguments} reads {@code '-c[the
 * policy]:FILE:_files'} as option, explanation, what its value is called, and what completes it.
 */
record ZshCompletion(CommandSpec root) {
  /** The whole script. */
  String text() {
    StringBuilder script = new StringBuilder("#compdef knockgate\n");
    function(script, root);
    Paper.below(root).forEach(command -> function(script, command));
    script.append("\n").append(functionName(root)).append(" \"$@\"\n");
    return script.toString();
  }

  private static void function(StringBuilder script, CommandSpec command) {
    script.append("\n").append(functionName(command)).append("() {\n");
    boolean hasCommands = !command.subcommands().isEmpty();
    if (hasCommands) {
      script.append("  local curcontext=$curcontext state\n");
    }
    List<String> specs = new ArrayList<>();
    command.options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> specs.addAll(specs(option)));
    command.positionalParameters().forEach(parameter -> specs.add(spec(parameter)));
    if (hasCommands) {
      specs.add("1:command:->command");
      specs.add("*::argument:->argument");
    }
    script
        .append("  _arguments -s " + (hasCommands ? "-C " : ""))
        .append(specs.stream().map(ZshCompletion::quoted).collect(Collectors.joining(" \\\n    ")))
        .append('\n');
    if (hasCommands) {
      script.append(dispatch(command));
    }
    script.append("}\n");
  }

  /** What follows a command's own options: the name of one below it, and that one's arguments. */
  private static String dispatch(CommandSpec command) {
    StringBuilder names = new StringBuilder();
    StringBuilder calls = new StringBuilder();
    for (CommandLine below : command.subcommands().values()) {
      CommandSpec spec = below.getCommandSpec();
      String purpose = new CommandPage(spec).purpose();
      names.append("\n        ").append(quoted(spec.name() + ":" + purpose.replace(":", "\\:")));
      calls.append("        %s) %s ;;%n".formatted(spec.name(), functionName(spec)));
    }
    return """
          case $state in
            command)
              local -a commands=(%s
              )
              _describe command commands
              ;;
            argument)
              case $words[1] in
        %s      esac
              ;;
          esac
        """
        .formatted(names, calls);
  }

  /** One for each name of an option; the other names are left out once one stands there. */
  private static List<String> specs(OptionSpec option) {
    List<String> names = List.of(option.names());
    String others = names.size() == 1 ? "" : "(" + String.join(" ", names) + ")";
    List<String> specs = new ArrayList<>();
    for (String name : names) {
      String value = option.arity().max() == 0 ? "" : value(option);
      String joint = value.isEmpty() ? "" : name.startsWith("--") ? "=" : "+";
      specs.add(others + name + joint + "[" + explanation(option) + "]" + value);
    }
    return specs;
  }

  private static String spec(PositionalParamSpec parameter) {
    boolean many = parameter.arity().max() > 1 || parameter.index().max() > parameter.index().min();
    return (many ? "*" : String.valueOf(parameter.index().min() + 1)) + value(parameter);
  }

  private static String value(ArgSpec argument) {
    return ":" + escaped(argument.paramLabel()) + ":" + completer(argument);
  }

  private static String completer(ArgSpec argument) {
    Class<?> type = argument.auxiliaryTypes()[0];
    String label = argument.paramLabel();
    if (type == Path.class) {
      return "_files";
    } else if (label.equals("HOST")) {
      return "_hosts";
    } else if (label.contains("|")) {
      return "(" + label.replace('|', ' ') + ")";
    } else if (argument.completionCandidates() != null) {
      return "(" + String.join(" ", argument.completionCandidates()) + ")";
    }
    return "";
  }

  private static String explanation(ArgSpec argument) {
    return escaped(
        String.join(" ", argument.description()).replace("%n", " ").replaceAll("\\s+", " "));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static String functionName(CommandSpec command) {
    return "_" + command.qualifiedName("_").replace('-', '_');
  }
}
