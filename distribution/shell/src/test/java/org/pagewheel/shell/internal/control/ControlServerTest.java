package org.pagewheel.shell.internal.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.shell.internal.PlainShell;
import org.pagewheel.shell.internal.command.Services;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.WrongInput;

/** The control socket of a process that records, and clients of all kinds. */
@Timeout(300)
class ControlServerTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String PID = Long.toString(ProcessHandle.current().pid());

  /** The kernel takes names of sockets of at most 107 bytes. */
  @TempDir(factory = ShortDirectory.class)
  Path directory;

  private Map<String, String> environment;
  private Pagewheel pagewheel;
  private Control control;

  @BeforeEach
  void listen() {
    environment = Map.of("XDG_RUNTIME_DIR", directory.toString());
    pagewheel = Pagewheel.start(Map.of("pagewheel.sources.jvm.enabled", "false"));
    control = new PlainShell(new Here(pagewheel)).openControl(environment);
  }

  @AfterEach
  void stop() throws Exception {
    control.close();
    pagewheel.close();
    try (var left = Files.list(directory.resolve("pagewheel"))) {
      assertEquals(List.of(), left.toList());
    }
    while (!threads().isEmpty()) {
      Thread.sleep(5); // they have been ended; the test's timeout is the limit
    }
  }

  private record Here(Pagewheel pagewheel) implements Services {
    @Override
    public Buffers buffers() {
      return pagewheel.buffers();
    }

    @Override
    public Administration administration() {
      return pagewheel.administration();
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("pagewheel-control"))
        .toList();
  }

  private ControlClient connect() throws IOException {
    return ControlClient.connect(environment, PID);
  }

  private static String run(ControlClient client, String commands, BooleanSupplier stop)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    new RemoteCommands(client, out, false, 80).run(commands, stop);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String run(ControlClient client, String commands) throws IOException {
    return run(client, commands, () -> false);
  }

  @Test
  void itIsThisUsersAlone() throws IOException {
    Path socket = control.path().orElseThrow();
    assertEquals(directory.toRealPath().resolve("pagewheel/" + PID + ".sock"), socket);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
  }

  @Test
  void aProcessSaysWhatItRecords() throws IOException {
    pagewheel.buffers().get("main").mark("one");
    pagewheel.buffers().get("main").off("a test");
    try (ControlClient client = connect()) {
      Status status = client.status();
      assertEquals(List.of(new Status.BufferLine("main", "off", 1, "")), status.buffers());
      assertEquals(status, Status.parse(status.text()));
    }
  }

  @Test
  void commandsRunThereOneAfterAnother() throws IOException {
    try (ControlClient client = connect()) {
      assertEquals("", run(client, "ring:mark main 'größer als nichts'"));
      String events = run(client, "cat main; list --json");
      assertTrue(events.contains("print:                mark: größer als nichts\n"), events);
      assertTrue(events.contains("\n[{\"buffer\":\"main\""), events);
      CommandFailed failed =
          assertThrows(CommandFailed.class, () -> run(client, "save /nothere/x.dat; mark main no"));
      assertTrue(failed.getMessage().contains("/nothere"), failed.getMessage());
      WrongInput wrong = assertThrows(WrongInput.class, () -> run(client, "show mian"));
      assertTrue(wrong.getMessage().contains("main"), wrong.getMessage());
      assertThrows(WrongInput.class, () -> run(client, "nosuch"));
      assertTrue(!run(client, "cat main").contains("mark: no"), "what fails ends the line");
    }
  }

  @Test
  void itCompletesALine() throws IOException {
    try (ControlClient client = connect()) {
      assertEquals(List.of("resize", "ring:resize"), complete(client, "resiz", "ring:resiz"));
      assertEquals(List.of("main"), complete(client, "resize m"));
      assertEquals(List.of("main"), complete(client, "ring:stats "));
      assertEquals(List.of(), complete(client, "nosuch x"));
    }
  }

  private static List<String> complete(ControlClient client, String... lines) throws IOException {
    List<String> all = new ArrayList<>();
    for (String line : lines) {
      client.send(Frame.of(Frame.COMPLETE, line));
      all.addAll(client.read(ControlClient.PATIENCE).text().lines().toList());
    }
    return all;
  }

  /** Until Ctrl-C, which ends it there, and the next line runs. */
  @Test
  void whatStreamsIsEndedFromHere() throws IOException {
    try (ControlClient client = connect()) {
      for (String line :
          List.of("tail main", "tail main", "top -i 10ms", "tail main | grep mark")) {
        AtomicBoolean seen = new AtomicBoolean();
        BooleanSupplier stop =
            () -> {
              pagewheel.buffers().get("main").mark("on");
              return seen.getAndSet(true);
            };
        run(client, line, stop);
        assertTrue(run(client, "cat main 1").contains("mark: on"), line);
      }
    }
  }

  /** A client that has gone takes what runs for it along. */
  @Test
  void aClientThatGoesEndsItsCommands() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (ControlClient client = connect()) {
        client.send(Frame.of(Frame.EXECUTE, "0\ntail main"));
        while (threads().stream().noneMatch(name -> name.matches("pagewheel-control-\\d+"))) {
          Thread.sleep(5);
        }
      }
    }
    while (threads().size() > 1) {
      Thread.sleep(5); // the test's timeout is the limit
    }
  }

  private SocketChannel raw() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(control.path().orElseThrow()));
    return channel;
  }

  private static void write(SocketChannel channel, byte[] bytes) {
    try {
      ByteBuffer all = ByteBuffer.wrap(bytes);
      while (all.hasRemaining()) {
        channel.write(all);
      }
    } catch (IOException e) {
      // it has had enough of us
    }
  }

  private static void awaitEnd(SocketChannel channel) throws IOException {
    ByteBuffer any = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(any.clear()) >= 0) {
        // what was on its way
      }
    } catch (IOException e) {
      // reset
    }
  }

  @Test
  void garbageEndsAConnectionAndNothingElse() throws IOException {
    Random random = new Random(7);
    try (ControlClient good = connect()) {
      for (int i = 0; i < 200; i++) {
        try (SocketChannel channel = raw()) {
          byte[] bytes = new byte[random.nextInt(1 << 17)];
          random.nextBytes(bytes);
          write(channel, bytes);
        }
      }
      for (char type : "VSCXIOER\0".toCharArray()) {
        for (String body : List.of("", "x", "-1\nlist", "99999999999\nlist", "\n\n", "0\n'{")) {
          try (SocketChannel channel = raw()) {
            ByteBuffer frame = Frame.of(type, body).encoded();
            write(channel, frame.array());
            write(channel, frame.array());
          }
        }
      }
      good.status();
      assertTrue(run(good, "list").startsWith("buffer "));
    }
  }

  /** A frame of 1 GB is refused by its header. */
  @Test
  void moreThanARequestIsNotTaken() throws IOException {
    try (SocketChannel channel = raw()) {
      write(channel, ByteBuffer.allocate(Frame.HEADER).put((byte) 'X').putInt(1 << 30).array());
      byte[] piece = new byte[1 << 20];
      for (int i = 0; i < 1 << 10 && channel.isOpen(); i++) {
        write(channel, piece);
      }
      awaitEnd(channel);
    }
    try (ControlClient good = connect()) {
      good.status();
    }
  }

  @Test
  void whoAsksForNothingGoes() throws IOException {
    try (SocketChannel silent = raw()) {
      long from = System.nanoTime();
      awaitEnd(silent);
      assertTrue(System.nanoTime() - from > ControlServer.FIRST_REQUEST.toNanos() / 2);
    }
  }

  /** Who does not read keeps neither others from being served nor the process from ending. */
  @Test
  void whoDoesNotReadWaitsAlone() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      pagewheel
          .buffers()
          .get("main")
          .mark("a line that is long enough to fill what a socket holds");
    }
    List<ControlClient> stuck = new ArrayList<>();
    for (int i = 0; i < ControlServer.MAX_CLIENTS + 10; i++) {
      ControlClient client = connect();
      client.send(Frame.of(Frame.EXECUTE, "0\ncat main; cat main"));
      stuck.add(client);
      try (ControlClient good = connect()) {
        good.status();
      }
      pagewheel.buffers().get("main").mark("still recorded");
    }
    control.close();
    for (ControlClient client : stuck) {
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              client.read(Duration.ofSeconds(60));
            }
          });
      client.close();
    }
  }

  @Test
  void manyLinesAtOnceComeOutWhole() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      pagewheel.buffers().get("main").mark("number " + i);
    }
    try (ControlClient client = connect()) {
      List<String> lines = run(client, "cat main").lines().toList();
      assertEquals(5_000, lines.size());
      assertTrue(lines.getLast().endsWith("mark: number 4999"), lines.getLast());
    }
  }

  @Test
  void deadSocketsAreFoundAndRemoved() throws IOException {
    Path place = control.path().orElseThrow().getParent();
    Path dead = place.resolve("77.sock");
    Path other = Files.createFile(place.resolve("78.sock")); // no socket: nobody's to remove
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(dead));
      assertEquals(
          Set.of(dead, control.path().get()), Set.copyOf(ControlClient.sockets(environment)));
    }
    assertTrue(Files.exists(dead));
    assertEquals(List.of(control.path().get()), ControlClient.sockets(environment));
    assertTrue(Files.notExists(dead));
    Files.delete(other);
    CommandFailed none =
        assertThrows(CommandFailed.class, () -> ControlClient.connect(environment, "77"));
    assertEquals("process 77 has no control socket; these do: " + PID, none.getMessage());
  }

  /** Cleaners of directories for short-lived files remove what has not been used for days. */
  @Test
  void aSocketThatSomebodyHasRemovedComesBack() throws Exception {
    Path socket = control.path().orElseThrow();
    try (ControlClient before = connect()) {
      Files.delete(socket);
      while (Files.notExists(socket)) {
        Thread.sleep(20); // the test's timeout is the limit
      }
      try (ControlClient after = connect()) {
        after.status();
      }
      before.status();
    }
  }

  /** The thread that runs the command may not have begun. */
  @Test
  void anInterruptMayComeRightAfterItsCommand() throws IOException {
    try (ControlClient client = connect()) {
      for (int i = 0; i < 200; i++) {
        client.begin(Frame.of(Frame.EXECUTE, "80\nring:tail main"));
        client.send(new Frame(Frame.INTERRUPT, new byte[0]));
        Frame frame = client.read(LONG);
        while (frame.type() != Frame.RESULT) {
          frame = client.read(LONG);
        }
      }
    }
  }

  @Test
  void anAnswerOfTooManyLinesHasThoseThatFit() {
    String line = "a".repeat(99) + "\n";
    Frame frame = Frame.ofLines(Frame.COMPLETE, line.repeat(1000));
    assertEquals(line.repeat(655), frame.text());
    assertEquals(line, Frame.ofLines(Frame.COMPLETE, line).text());
  }

  /** A process of another container with the same number keeps its socket. */
  @Test
  void twoOfOneNumberHaveTwoNames() throws IOException {
    try (Control second = new PlainShell(new Here(pagewheel)).openControl(environment)) {
      assertEquals(PID + "-2.sock", second.path().orElseThrow().getFileName().toString());
      try (ControlClient client = ControlClient.connect(environment, PID + "-2")) {
        client.status();
      }
    }
  }

  @Test
  void anotherProcessThatDoesNotAnswerIsLeftAlone() throws IOException {
    Path place = control.path().orElseThrow().getParent();
    Path deaf = place.resolve("79.sock");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(deaf));
      IOException none =
          assertThrows(IOException.class, () -> ControlClient.connect(environment, "79"));
      assertEquals("process 79 does not answer", none.getMessage());
    } finally {
      Files.delete(deaf);
    }
  }
}
