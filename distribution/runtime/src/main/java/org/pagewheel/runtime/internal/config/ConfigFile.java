package org.pagewheel.runtime.internal.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user's file with the files that it includes. Only regular files are read: nothing here goes
 * to the network, waits for a writer, or takes more memory than a configuration needs.
 *
 * <p>How it works: Config's own includer opens URLs and looks for files in the directory of the
 * process, and is silent about a missing one; so each file is parsed with a separate includer that
 * knows the file's place. Config does not give includers the line: it is looked up in the text.
 */
final class ConfigFile {
  private static final int MAX_BYTES = 1 << 22;
  private static final int MAX_FILES = 1000;
  private static final int MAX_CHAINED = 50;
  private static final List<String> ENDINGS = List.of("", ".conf", ".json", ".properties");
  private static final Pattern WITH_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\??([^}\n]+)}");

  private final List<String> problems;

  /** The first parts of keys that the files refer to as {@code ${...}}. */
  private final Set<String> referred = new HashSet<>();

  private int files;

  ConfigFile(List<String> problems) {
    this.problems = problems;
  }

  /** Reads a file; adds what is wrong to the problems. */
  Config read(Path file) {
    return read(file, List.of(), file + ": ");
  }

  /** Whether one of the files refers to a key by its first part. */
  boolean refersTo(String key) {
    return referred.contains(key);
  }

  private Config read(Path file, List<Path> includedBy, String place) {
    try {
      Path real = file.toRealPath();
      if (includedBy.contains(real)) {
        problems.add(place + "it includes itself");
      } else if (includedBy.size() > MAX_CHAINED) {
        problems.add(place + "this is an include in more than " + MAX_CHAINED + " others");
      } else if (++files > MAX_FILES) {
        throw new IOException("more than " + MAX_FILES + " files are included");
      } else {
        String text = text(real);
        Optional<String> depth = Nesting.problem(text);
        if (depth.isPresent()) {
          problems.add(file + ":" + depth.get());
          return ConfigFactory.empty();
        }
        List<Path> chain = new ArrayList<>(includedBy);
        chain.add(real);
        findReferences(text);
        return ConfigFactory.parseString(
            text,
            ConfigParseOptions.defaults()
                .setSyntax(syntax(file))
                .setOriginDescription(file.toString())
                .setIncluder(new Includer(file, text, chain)));
      }
    } catch (IOException e) {
      problems.add(place + "cannot be read: " + reason(e) + "; a file in HOCON is wanted");
    } catch (ConfigException e) {
      problems.add(Wording.of(e, file.toString()));
    } catch (StackOverflowError e) {
      problems.add(file + ": " + Nesting.TOO_DEEP);
    }
    return ConfigFactory.empty();
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "there is no such file";
      case java.nio.file.AccessDeniedException _ -> "access is denied";
      case CharacterCodingException _ -> "it is not UTF-8 text";
      default -> e.getMessage();
    };
  }

  private static ConfigSyntax syntax(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".json")
        ? ConfigSyntax.JSON
        : name.endsWith(".properties") ? ConfigSyntax.PROPERTIES : ConfigSyntax.CONF;
  }

  /** Opening a pipe would wait for its writer, hence the check before. */
  private static String text(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a directory");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("it is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("it is larger than " + Units.bytes(MAX_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private void findReferences(String text) {
    Matcher reference = REFERENCE.matcher(text);
    while (reference.find()) {
      try {
        referred.add(ConfigUtil.splitPath(reference.group(1).strip()).getFirst());
      } catch (ConfigException e) {
        // the parser reports it
      }
    }
  }

  /** Includes what one file names. */
  private final class Includer
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private final Path file;
    private final String text;
    private final List<Path> chain;

    Includer(Path file, String text, List<Path> chain) {
      this.file = file;
      this.text = text;
      this.chain = chain;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this; // there is no fallback: it would open URLs
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      return WITH_SCHEME.matcher(what).matches() ? refuse(what) : includePath(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      return includePath(what.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      return refuse(what.toExternalForm());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      return refuse(what);
    }

    private ConfigObject refuse(String what) {
      problems.add(place(what) + "only files are included; the path of one would be right");
      return ConfigFactory.empty().root();
    }

    private ConfigObject includePath(String what) {
      try {
        Path wanted = file.toAbsolutePath().resolveSibling(what);
        Optional<Path> found =
            ENDINGS.stream()
                .map(ending -> wanted.resolveSibling(wanted.getFileName() + ending))
                .filter(Files::exists)
                .findFirst();
        return read(found.orElse(wanted), chain, place(what)).root();
      } catch (InvalidPathException | NullPointerException e) {
        return refuse(what);
      }
    }

    /** The beginning of a message about an include: file and line. */
    private String place(String what) {
      List<String> lines = text.lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).contains("include") && lines.get(i).contains(what)) {
          return "%s:%d: include \"%s\": ".formatted(file, i + 1, what);
        }
      }
      return "%s: include \"%s\": ".formatted(file, what);
    }
  }
}
