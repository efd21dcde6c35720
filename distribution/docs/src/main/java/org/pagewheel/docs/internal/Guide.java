package org.pagewheel.docs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** A Markdown file as a page. */
final class Guide {
  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

  private static final String STYLE =
      """
      body { font-family: sans-serif; line-height: 1.5; max-width: 60em; margin: 1em auto; }
      body { padding: 0 1em; } img { max-width: 100%; } nav { font-size: smaller; }
      pre, code { background: #f4f4f4; } pre { padding: .7em; overflow-x: auto; }
      table { border-collapse: collapse; } th, td { border: 1px solid #ccc; padding: .2em .5em; }
      td, th { text-align: left; vertical-align: top; }
      """;

  private final Path tree;
  private final Path file;
  private final List<Path> all;
  private final List<Path> images = new ArrayList<>();

  /** Of a tree, with the paths of this and all guides in it. */
  Guide(Path tree, Path file, List<Path> all) {
    this.tree = tree;
    this.file = file;
    this.all = all;
  }

  void write(Path site) throws IOException {
    Node document =
        Parser.builder().extensions(EXTENSIONS).build().parse(Files.readString(tree.resolve(file)));
    document.accept(new Links());
    String body =
        HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            .attributeProviderFactory(context -> Guide::addAnchor)
            .build()
            .render(document);
    Path page = site.resolve(page(file));
    Files.createDirectories(page.getParent());
    Files.writeString(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>"
            + title(document)
            + "</title>\n<style>\n"
            + STYLE
            + "</style>\n</head>\n<body>\n<nav>"
            + navigation()
            + "</nav>\n"
            + body
            + "</body>\n</html>\n");
    for (Path image : images) {
      Path copy = site.resolve(tree.relativize(image));
      Files.createDirectories(copy.getParent());
      Files.copy(image, copy, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** As GitHub names the anchors of headings. */
  private static void addAnchor(Node node, String tag, Map<String, String> attributes) {
    if (node instanceof Heading) {
      String words = words(node).toLowerCase(Locale.ROOT);
      attributes.put("id", words.replaceAll("[^\\w\\- ]", "").replace(' ', '-'));
    }
  }

  private static String words(Node of) {
    StringBuilder words = new StringBuilder();
    of.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text text) {
            words.append(text.getLiteral());
          }

          @Override
          public void visit(Code code) {
            words.append(code.getLiteral());
          }
        });
    return words.toString();
  }

  /** Where the page of a guide lies in the site. */
  private static Path page(Path guide) {
    String name = guide.getFileName().toString();
    return guide.resolveSibling(
        name.equals("README.md") ? "index.html" : name.replaceFirst("\\.md$", ".html"));
  }

  private static String title(Node document) {
    return document.getFirstChild() instanceof Heading heading ? words(heading) : "Pagewheel";
  }

  private String navigation() {
    StringBuilder links = new StringBuilder();
    for (Path guide : all) {
      String name = guide.toString().replaceFirst("(/?README)?\\.md$", "");
      link(links, page(guide), name.isEmpty() ? "Pagewheel" : name);
    }
    link(links, Path.of(ApiDocs.DIRECTORY, "index.html"), "Javadoc");
    return links.toString();
  }

  private void link(StringBuilder to, Path page, String text) {
    Path here = Path.of("/").resolve(page(file)).getParent();
    to.append(to.isEmpty() ? "" : " | ").append("<a href=\"");
    to.append(here.relativize(Path.of("/").resolve(page))).append("\">").append(text);
    to.append("</a>");
  }

  /** Links to guides lead to their pages; what else there is in the tree is no part of a site. */
  private final class Links extends AbstractVisitor {
    @Override
    public void visit(Link link) {
      String[] parts = link.getDestination().split("#", 2);
      if (!parts[0].isEmpty() && !parts[0].contains(":")) {
        Path to = tree.resolve(file).resolveSibling(parts[0]).normalize();
        if (all.contains(tree.relativize(to))) {
          Path from = tree.resolve(file).getParent();
          String anchor = parts.length == 1 ? "" : "#" + parts[1];
          link.setDestination(from.relativize(page(to)) + anchor);
        } else if (Files.exists(to)) {
          visitChildren(link);
          while (link.getFirstChild() != null) {
            link.insertBefore(link.getFirstChild());
          }
          link.unlink();
          return;
        }
      }
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      Path to = tree.resolve(file).resolveSibling(image.getDestination()).normalize();
      if (Files.isRegularFile(to)) {
        images.add(to);
      }
    }
  }
}
