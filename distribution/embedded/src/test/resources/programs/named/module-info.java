module shop {
  requires org.pagewheel;
}
