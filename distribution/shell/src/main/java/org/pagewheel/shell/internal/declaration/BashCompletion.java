package org.pagewheel.shell.internal.declaration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The bash completion of {@code pagewheel}: what is known without starting it. */
public final class BashCompletion {
  private static final String HEAD =
      """
      # bash completion for pagewheel, made from the declarations of the commands

      _pagewheel() {
        local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
        local i command='' words='' files=''
        COMPREPLY=()
        for ((i = 1; i < COMP_CWORD; i++)); do
          case ${COMP_WORDS[i]} in
            -c) return ;;
            -h | --help) ;;
            -*) ((++i)) && ((++i)) ;; # -Dkey=value is three words
            *)
              command=${COMP_WORDS[i]}
              break
              ;;
          esac
        done
        case $command in
      """;

  private static final String TAIL =
      """
        esac
        # shellcheck disable=SC2207 # the words have no blanks
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        if [ -n "$files" ]; then
          compopt -o filenames
          local file
          while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
        elif [[ ${#COMPREPLY[@]} = 1 && ${COMPREPLY[0]} =~ ^(.*=|-D)$ ]]; then
          compopt -o nospace
        fi
      }
      complete -F _pagewheel pagewheel
      """;

  private BashCompletion() {}

  /** The script. */
  public static String of(List<Command> commands) {
    StringBuilder script = new StringBuilder(HEAD);
    String names = commands.stream().map(Command::name).distinct().collect(Collectors.joining(" "));
    Set<String> seen = new HashSet<>();
    script.append("    '') words='%s --help --version -c -D' ;;%n".formatted(names));
    for (Command command : commands) {
      if (!seen.add(command.name())) {
        continue; // the command line's own attach comes before the shell's
      }
      List<String> words = new ArrayList<>(command.names());
      command.words().stream()
          .filter(word -> word.kind() == Kind.MODE)
          .forEach(word -> words.addAll(List.of("overwrite", "discard")));
      if (command.words().stream().anyMatch(word -> word.kind() == Kind.BUFFER)) {
        words.add("main");
      }
      if (command.words().stream().anyMatch(word -> word.kind() == Kind.COMMAND)) {
        words.addAll(commands.stream().map(Command::name).toList());
      }
      script.append("    %s)%n".formatted(command.name()));
      script.append("      words='%s'%n".formatted(String.join(" ", words)));
      boolean isFile = command.words().stream().anyMatch(word -> word.kind() == Kind.FILE);
      if (isFile) {
        script.append("      files=yes\n");
      }
      command.options().values().stream()
          .filter(option -> option.value() != null)
          .forEach(
              option ->
                  script.append(
                      "      [ \"$prev\" != %s ] || { words=''; files='%s'; }%n"
                          .formatted(option.name(), option.kind() == Kind.FILE ? "yes" : "")));
      script.append("      ;;\n");
    }
    return script.append(TAIL).toString();
  }
}
