package org.pagewheel.shell.internal.declaration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.Lines;

/**
 * The declaration of a command. Gogo calls it, {@code help} explains it, the tab key completes it,
 * and the README, the manual page and the bash completion list it: all from here.
 *
 * {@snippet :
 * Command.named("show", "draw the ring: pages, fill, head, commit, tail and the reader's page")
 *     .word("BUFFER", Kind.BUFFER)
 *     .optional("CPU", Kind.NEW)
 *     .means("the buffer, and the CPU if only one is wanted")
 *     .example("show main", "all CPUs that were written to")
 *     .runs(this::show)
 * }
 *
 * <p>Every command takes {@code --json}: then the result of its body is printed as one JSON value.
 * A body that makes JSON lines asks {@link Call#isJson} itself. Wrong arguments end a program
 * {@code pagewheel} with 2, failures with 1.
 */
public final class Command implements Function {
  /** The body of a command. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs it.
     *
     * @param call what was typed, and where
     * @return what the shell prints; null prints nothing
     * @throws Exception if it failed
     */
    Object run(Call call) throws Exception;
  }

  /** A plain word of the command line. */
  record Word(String name, Kind kind, boolean isRequired, boolean isMany) {
    String usage() {
      String text = name + (isMany ? "..." : "");
      return isRequired ? text : "[" + text + "]";
    }
  }

  /** An option; without a value it is a flag. */
  record Option(String name, String value, Kind kind, boolean isRequired, String meaning) {
    String words() {
      return value == null ? name : name + " " + value;
    }

    String usage() {
      return isRequired ? words() : "[" + words() + "]";
    }
  }

  /** A setting {@code key=value}; the key {@code *} matches any. */
  record Setting(String key, String value) {
    String usage() {
      return key.equals("*") ? "[KEY=VALUE...]" : "[" + key + "=" + value + "]";
    }
  }

  /** A line to try. */
  record Example(String line, String what) {}

  static final String JSON = "--json";
  static final String WALL = "--wall";

  private static final List<String> HELP = Arrays.asList("--help", "-h", "-?");

  private final String scope;
  private final String name;
  private final String what;
  private final List<Word> words;
  private final Map<String, Option> options;
  private final Map<String, Setting> settings;
  private final Kind settingKind;
  private final String usage;
  private final String meaning;
  private final List<Example> examples;
  private final String failure;
  private final boolean isText;
  private final boolean isRaw;
  private final boolean isPrinting;
  private final boolean isJsonMaker;
  private final Body body;

  private Command(Builder made, Body body) {
    this.scope = made.scope;
    this.name = made.name;
    this.what = made.what;
    this.words = List.copyOf(made.words);
    this.options = Collections.unmodifiableMap(made.options);
    this.settings = Collections.unmodifiableMap(made.settings);
    this.settingKind = made.settingKind;
    this.usage = made.usage;
    this.meaning = made.meaning;
    this.examples = List.copyOf(made.examples);
    this.failure = made.failure;
    this.isText = made.isText;
    this.isRaw = made.isRaw;
    this.isPrinting = made.isPrinting;
    this.isJsonMaker = made.isJsonMaker;
    this.body = body;
  }

  /**
   * Begins a declaration of a command of scope {@code ring}.
   *
   * @param name what is typed
   * @param what its effect, in a line that begins with a verb
   */
  public static Builder named(String name, String what) {
    return new Builder("ring", name, what);
  }

  /** The same for another scope, for a command that replaces another bundle's. */
  public static Builder named(String scope, String name, String what) {
    return new Builder(scope, name, what);
  }

  /** For Gogo. */
  @Override
  public Object execute(CommandSession session, List<Object> arguments) throws Exception {
    String[] texts = arguments.stream().map(each -> text(session, each)).toArray(String[]::new);
    boolean asked =
        !isRaw && Arrays.stream(texts).limit(isText ? 1 : texts.length).anyMatch(HELP::contains);
    if (asked) {
      return new Lines(HelpPage.of(this));
    }
    Call call = new Call(session, isRaw ? null : new Arguments(this, texts), texts);
    Object result = body.run(call);
    return !isJsonMaker && call.isJson() ? Json.of(result) : result;
  }

  /** An argument as it was typed, or the result of another command as it is printed. */
  private static String text(CommandSession session, Object argument) {
    if (argument == null || argument instanceof CharSequence) {
      return argument == null ? null : argument.toString();
    }
    Object text = session.convert(String.class, argument);
    return String.valueOf(text == null ? argument : text);
  }

  /** The scope for Gogo. */
  public String scope() {
    return scope;
  }

  /** Its name, without the scope. */
  public String name() {
    return name;
  }

  /** What it does. */
  public String what() {
    return what;
  }

  /** Whether it prints as it goes, so that its output can be redirected. */
  public boolean isPrinting() {
    return isPrinting;
  }

  /** Whether it takes the words after its options as they are. */
  boolean isText() {
    return isText;
  }

  List<Word> words() {
    return words;
  }

  Map<String, Option> options() {
    return options;
  }

  Map<String, Setting> settings() {
    return settings;
  }

  String meaning() {
    return meaning;
  }

  List<Example> examples() {
    return examples;
  }

  String failure() {
    return failure;
  }

  /** {@code show BUFFER [CPU] [--json]}; if text is taken as it is, options come before it. */
  String usage() {
    List<String> parts = new ArrayList<>();
    if (usage == null) {
      words.forEach(word -> parts.add(word.usage()));
    } else {
      parts.add(usage);
    }
    List<String> more = new ArrayList<>();
    options.values().stream().filter(Option::isRequired).forEach(each -> more.add(each.usage()));
    options.values().stream()
        .filter(option -> !option.isRequired() && !isCommon(option))
        .forEach(option -> more.add(option.usage()));
    settings.values().forEach(setting -> more.add(setting.usage()));
    options.values().stream().filter(Command::isCommon).forEach(option -> more.add(option.usage()));
    parts.addAll(isText ? 0 : parts.size(), more);
    parts.addFirst(name);
    return String.join(" ", parts);
  }

  private static boolean isCommon(Option option) {
    return option.name().equals(JSON) || option.name().equals(WALL);
  }

  /**
   * The kind of the word at a place of the command line.
   *
   * @param index 1 for the first word after the command
   * @param before the word before it
   * @return {@link Kind#NEW} if it cannot be guessed
   */
  public Kind kind(int index, String before) {
    Option option = options.get(before);
    if (option != null && option.value() != null) {
      return option.kind();
    }
    if (index > words.size() && settingKind != null) {
      return settingKind;
    }
    if (words.isEmpty()) {
      return Kind.NEW;
    }
    Word last = words.getLast();
    return index <= words.size()
        ? words.get(index - 1).kind()
        : last.isMany() ? last.kind() : Kind.NEW;
  }

  /** Options and the keys of settings, for completion. */
  public List<String> names() {
    List<String> names = new ArrayList<>(options.keySet());
    settings.keySet().stream().filter(key -> !key.equals("*")).forEach(key -> names.add(key + "="));
    return names;
  }

  /** Builds a declaration. */
  public static final class Builder {
    private final String scope;
    private final String name;
    private final String what;
    private final List<Word> words = new ArrayList<>();
    private final Map<String, Option> options = new LinkedHashMap<>();
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<Example> examples = new ArrayList<>();
    private Kind settingKind;
    private String usage;
    private String meaning = "";
    private String failure = "it could not be done; a line says why";
    private boolean isText;
    private boolean isRaw;
    private boolean isPrinting;
    private boolean isJsonMaker;
    private boolean isWall;
    private boolean isBare;

    private Builder(String scope, String name, String what) {
      this.scope = scope;
      this.name = name;
      this.what = what;
    }

    /** A required word. */
    public Builder word(String word, Kind kind) {
      words.add(new Word(word, kind, true, false));
      return this;
    }

    /** A word that may be left out. */
    public Builder optional(String word, Kind kind) {
      words.add(new Word(word, kind, false, false));
      return this;
    }

    /** Words, at least one. */
    public Builder many(String word, Kind kind) {
      words.add(new Word(word, kind, true, true));
      return this;
    }

    /** Words, or none. */
    public Builder any(String word, Kind kind) {
      words.add(new Word(word, kind, false, true));
      return this;
    }

    /** What the usage shows in place of the words, if one word depends on another. */
    public Builder usage(String text) {
      usage = text;
      return this;
    }

    /** The words after the options are taken as they are, whatever they look like. */
    public Builder text() {
      isText = true;
      return this;
    }

    /** Its body parses the arguments itself: {@link Call#raw}. */
    public Builder raw() {
      isRaw = true;
      return this;
    }

    /** What the words mean. */
    public Builder means(String text) {
      meaning = text;
      return this;
    }

    /** An option with a value. */
    public Builder option(String option, String value, Kind kind, String means) {
      options.put(option, new Option(option, value, kind, false, means));
      return this;
    }

    /** A required option with a value. */
    public Builder required(String option, String value, Kind kind, String means) {
      options.put(option, new Option(option, value, kind, true, means));
      return this;
    }

    /** An option without a value. */
    public Builder flag(String flag, String means) {
      options.put(flag, new Option(flag, null, Kind.NEW, false, means));
      return this;
    }

    /** A setting {@code key=value}. */
    public Builder setting(String key, String value) {
      settings.put(key, new Setting(key, value));
      return this;
    }

    /** Settings of any key, as {@code means} explains. */
    public Builder settings(Kind kind) {
      settingKind = kind;
      settings.put("*", new Setting("*", ""));
      return this;
    }

    /** It prints times, and takes {@code --wall}: see {@link Call#wall}. */
    public Builder wall() {
      isWall = true;
      return this;
    }

    /** The launcher runs it by itself: it has no result, and takes no {@code --json}. */
    public Builder bare() {
      isBare = true;
      return this;
    }

    /** A line to try, without the scope. */
    public Builder example(String line, String does) {
      examples.add(new Example(line, does));
      return this;
    }

    /** When the exit status is 1. */
    public Builder fails(String when) {
      failure = when;
      return this;
    }

    /** It prints as it goes instead of returning its output. */
    public Builder printing() {
      isPrinting = true;
      return jsonLines();
    }

    /** With {@code --json} its body makes the JSON: a value in each line. */
    public Builder jsonLines() {
      isJsonMaker = true;
      return this;
    }

    /** Ends the declaration. */
    public Command runs(Body body) {
      if (isWall) {
        flag(WALL, "times of day instead of the clock's own");
      }
      if (!isBare) {
        flag(JSON, isJsonMaker ? "a JSON value in each line" : "the result as a JSON value");
      }
      return new Command(this, body);
    }
  }
}
