/** A buffer for each test; the tests have the one jar or its parts. */
module org.pagewheel.junit {
  requires transitive org.junit.jupiter.api;
  requires static transitive org.pagewheel;
  requires static transitive org.pagewheel.api;
  requires static transitive org.pagewheel.runtime;

  exports org.pagewheel.junit;
}
