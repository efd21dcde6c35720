package org.pagewheel.event.internal;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.pagewheel.internal.OneLine;

/**
 * The permitted names of systems, events, fields and labels, which trace-cmd must be able to parse.
 */
final class Names {
  private static final int MAX = 64;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SYSTEM = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final Pattern WORD_START =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  /**
   * The systems of Linux 6.18 and of its usual modules. Tools know events by system and name, and
   * bind plug-ins to them: an application's event there would be taken for the kernel's.
   */
  static final Set<String> KERNEL_SYSTEMS =
      Set.of(
          """
          9p alarmtimer amd_cpu asoc avc binder block bpf_test_run bpf_trace bridge btrfs
          capability ceph cfg80211 cgroup cifs clk cma compaction context_tracking cpuhp csd damon
          dax dev devfreq devlink dlm dma dma_fence drm dwc3 eprobes erofs error_report exceptions
          ext4 f2fs fib fib6 filelock filemap fs_dax ftrace fuse gpio gpu_mem gpu_scheduler
          habanalabs handshake huge_memory hugetlbfs hwmon hyperv i2c i2c_slave i915 ib_mad icmp
          initcall intel_iommu interconnect io_uring iocost iomap iommu ipi irq irq_matrix
          irq_vectors iwlwifi jbd2 kmem kprobes ksm kvm kvmmmu kyber l2tp libata lock lockd
          mac80211 maple_tree mce mctp mdio mei memcg mhi migrate mmap mmap_lock mmc module mptcp
          msr napi neigh net netfs netlink nfs nfs4 nfsd nilfs2 nmi notifier nvme nvmet ocfs2 oom
          osnoise page_isolation page_pool page_ref pagemap percpu power preemptirq printk pwm
          qdisc qla ras raw_syscalls rcu rdma_core readahead regmap regulator remoteproc resctrl
          rpcgss rpcrdma rpm rseq rtc rv rxrpc sched sched_ext scmi scsi sctp sd signal siw skb
          smbus snd_pcm sock sof spi spmi sunrpc swiotlb sync_trace synthetic syscalls target task
          tcp tegra_apb_dma thermal thermal_power_allocator thp timer timer_migration timerlat
          timestamp tipc tlb ucsi udp ufs uprobes user_events v4l2 vb2 virtio_gpu vmalloc vmscan
          vsock vsyscall watchdog wbt workqueue writeback x86_fpu xdp xe xen xfs xhci-hcd
          """
              .strip()
              .split("\\s+"));

  private Names() {}

  /** {@code OrderFilled} and {@code orderFilled} become {@code order_filled}. */
  static String snakeCase(String javaName) {
    return WORD_START.matcher(javaName).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  static void checkSystem(String system) {
    if (!SYSTEM.matcher(system).matches() || system.length() > MAX) {
      throw new IllegalArgumentException(
          "bad event system \""
              + OneLine.of(system)
              + "\": at most "
              + MAX
              + " ASCII letters, digits, _ . and -, beginning with a letter, are right");
    }
    if (KERNEL_SYSTEMS.contains(system)) {
      throw new IllegalArgumentException(
          "event system \""
              + system
              + "\" is the Linux kernel's own, whose events tools show their own way: use a name"
              + " such as my_"
              + system.replace('-', '_'));
    }
  }

  /** The name of an event or a field, {@code what} says of which in a message. */
  static String checkName(String name, String what) {
    if (!NAME.matcher(name).matches() || name.length() > MAX) {
      throw new IllegalArgumentException(
          what
              + " would be called \""
              + OneLine.of(name)
              + "\", which trace-cmd cannot parse: give it a name of at"
              + " most "
              + MAX
              + " ASCII letters, digits and _ with @Name");
    }
    return name;
  }

  /** Text that stands between quotation marks in a format text. */
  static String checkLabel(String label, String what) {
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        throw new IllegalArgumentException(
            what
                + " is shown as \""
                + OneLine.of(label)
                + "\", which trace-cmd cannot parse or would garble:"
                + " use printable ASCII without quotation mark and backslash");
      }
    }
    return label;
  }
}
