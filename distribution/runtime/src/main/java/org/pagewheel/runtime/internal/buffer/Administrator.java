package org.pagewheel.runtime.internal.buffer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.runtime.ConsumerStatus;
import org.pagewheel.runtime.Setting;
import org.pagewheel.runtime.SourceStatus;
import org.pagewheel.runtime.TriggerStatus;
import org.pagewheel.runtime.internal.config.BufferPlan;
import org.pagewheel.runtime.internal.config.Clocks;
import org.pagewheel.runtime.internal.config.Rules;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.plugin.Sources;
import org.pagewheel.runtime.internal.save.Snapshots;
import org.pagewheel.runtime.internal.trigger.TriggerText;
import org.pagewheel.spi.DefaultSettings;

/** Serves shells and monitors. */
public final class Administrator implements Administration {
  private final Environment environment;
  private final Registry buffers;
  private final Sources sources;
  private final Reload reload;

  public Administrator(Environment environment, Registry buffers, Sources sources, Reload reload) {
    this.environment = environment;
    this.buffers = buffers;
    this.sources = sources;
    this.reload = reload;
  }

  @Override
  public List<Setting> settings() {
    return environment.pluginSettings().effective();
  }

  @Override
  public List<String> backends() {
    return List.copyOf(environment.plugins().backends().names());
  }

  @Override
  public Map<String, String> backendSettings(String backend) {
    return values(environment.plugins().backends().defaults(backend));
  }

  @Override
  public Map<String, String> consumerSettings(String type) {
    return values(environment.plugins().consumers().defaults(type));
  }

  private static Map<String, String> values(Optional<DefaultSettings> defaults) {
    return defaults.map(DefaultSettings::values).orElse(Map.of());
  }

  @Override
  public List<String> consumerTypes() {
    return List.copyOf(environment.plugins().consumers().names());
  }

  @Override
  public List<String> clocks() {
    return Clocks.names();
  }

  @Override
  public List<BufferStatus> buffers() {
    return buffers.managed().stream().map(ManagedBuffer::status).toList();
  }

  @Override
  public List<ConsumerStatus> consumers() {
    List<ConsumerStatus> all = new ArrayList<>();
    buffers.managed().forEach(buffer -> all.addAll(buffer.attachments().list()));
    return all;
  }

  @Override
  public List<SourceStatus> sources() {
    return sources.list();
  }

  @Override
  public BufferConfig configure(String name, Map<String, String> values) {
    return plan(name, values).config();
  }

  @Override
  public Buffer create(String name, Map<String, String> values) throws IOException {
    return buffers.open(plan(name, values));
  }

  /** From the keys of a buffer and, among them, the settings of its backend. */
  private BufferPlan plan(String name, Map<String, String> values) {
    Rules rules = environment.settings().rules();
    String backend = values.get("backend");
    if (backend == null) {
      backend = rules.buffer("defaults", Map.of()).config().backend();
    }
    return rules.buffer(name, values, settingsOf(backend));
  }

  /** None if it does not declare them. */
  private Optional<Set<String>> settingsOf(String backend) {
    Optional<DefaultSettings> known = environment.plugins().backends().defaults(backend);
    return known.map(all -> all.values().keySet());
  }

  @Override
  public void swap(String name, Map<String, String> values) throws IOException {
    ManagedBuffer buffer = buffers.managed(name);
    BufferConfig now = buffer.buffer().config();
    Optional<Set<String>> known = settingsOf(values.getOrDefault("backend", now.backend()));
    buffer.replace(environment.settings().rules().ring(now, values, known));
  }

  @Override
  public void replace(BufferConfig config) throws IOException {
    ManagedBuffer buffer = buffers.managed(config.name());
    Rules.check(config);
    buffer.replace(config);
  }

  @Override
  public void attach(String buffer, String name, Map<String, String> values) throws IOException {
    ManagedBuffer to = buffers.managed(buffer);
    to.attachments().attach(environment.settings().rules().consumer(name, values));
  }

  @Override
  public void detach(String buffer, String name) {
    buffers.managed(buffer).attachments().detach(name);
  }

  @Override
  public List<String> reload() throws IOException {
    return reload.run();
  }

  @Override
  public Path snapshot(String... names) throws IOException {
    List<Buffer> chosen = buffers.choose(names);
    return Threads.apart(
        "pagewheel-snapshot", () -> Snapshots.take(environment.settings().snapshots(), chosen));
  }

  @Override
  public List<TriggerStatus> triggers() {
    List<TriggerStatus> all = new ArrayList<>();
    buffers.managed().forEach(buffer -> all.addAll(buffer.triggers().list()));
    return all;
  }

  @Override
  public void addTrigger(String buffer, String text) {
    ManagedBuffer to = buffers.managed(buffer);
    to.triggers().add(TriggerText.of(text));
  }

  @Override
  public void removeTrigger(String buffer, String text) {
    ManagedBuffer from = buffers.managed(buffer);
    from.triggers().remove(TriggerText.of(text));
  }
}
