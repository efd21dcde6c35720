open module shop {
  requires org.pagewheel;
}
