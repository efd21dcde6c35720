package org.pagewheel.docs.internal;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The links of a site to itself. Those to other hosts are not followed. */
final class Links {
  private static final Pattern LINK =
      Pattern.compile("<(?:a|img)\\b[^>]*?(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]*)\"");

  private final Path site;
  private final Map<Path, Set<String>> ids = new HashMap<>();

  Links(Path site) {
    this.site = site;
  }

  /** Those that lead nowhere, each with its page. */
  List<String> dead() throws IOException {
    List<String> dead = new ArrayList<>();
    try (Stream<Path> files = Files.walk(site)) {
      for (Path page : files.filter(file -> file.toString().endsWith(".html")).sorted().toList()) {
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
          String to = link.group(1).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
          if (!to.matches("[a-z]+:.*") && !leadsSomewhere(page, to)) {
            dead.add(site.relativize(page) + ": the link " + to + " leads nowhere");
          }
        }
      }
    }
    return dead;
  }

  private boolean leadsSomewhere(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path to = parts[0].isEmpty() ? page : page.resolveSibling(decoded(parts[0])).normalize();
    if (!to.startsWith(site) || !Files.isRegularFile(to)) {
      return false;
    }
    return parts.length == 1 || parts[1].isEmpty() || ids(to).contains(decoded(parts[1]));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private Set<String> ids(Path page) throws IOException {
    Set<String> known = ids.get(page);
    if (known == null) {
      known = new HashSet<>();
      Matcher id = ID.matcher(Files.readString(page));
      while (id.find()) {
        known.add(id.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
      }
      ids.put(page, known);
    }
    return known;
  }
}
