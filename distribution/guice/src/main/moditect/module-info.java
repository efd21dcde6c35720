/** Pagewheel for an injector of the application's, which has the one jar or its parts. */
module org.pagewheel.guice {
  requires transitive com.google.guice;
  requires static transitive org.pagewheel;
  requires static transitive org.pagewheel.api;
  requires static transitive org.pagewheel.runtime;

  exports org.pagewheel.guice;
}
