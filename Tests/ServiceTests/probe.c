/* Tries what totpd's sandbox must not let it do, and a few things that it must. It prints a line
 * for each: its name, and `done` or the error. Its directory is one that it may write to. It also
 * runs outside the sandbox, as root, to show that each try would be noticed. So no try may do harm
 * when it succeeds. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void tell(const char *name, long status) {
    int error = errno;
    printf("%s %s\n", name, status >= 0 ? "done" : strerrorname_np(error));
}

static void try_open(const char *name, const char *path, int flags) {
    int descriptor = open(path, flags | O_CLOEXEC, 0600);
    tell(name, descriptor);
    if (descriptor >= 0) close(descriptor);
}

static void try_socket(const char *name, int domain, int type) {
    int descriptor = socket(domain, type, 0);
    tell(name, descriptor);
    if (descriptor >= 0) close(descriptor);
}

static long map_and_run(void) {
    int rights = PROT_READ | PROT_WRITE | PROT_EXEC;
    void *page = mmap(0, 4096, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? -1 : 0;
}

static long make_executable(void) {
    void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static void try_call(const char *name, long (*call)(void)) { tell(name, call()); }

static long trace_other(void) { return ptrace(PTRACE_SEIZE, 1, 0, 0); }
static long unshare_user(void) { return unshare(CLONE_NEWUSER); }
static long unshare_mount(void) { return unshare(CLONE_NEWNS); }
static long become_root(void) { return setresuid(0, 0, 0); }
static long change_root(void) { return chroot("/"); }
static long bind_mount(void) { return mount("/usr", "/mnt", 0, MS_BIND, 0); }
static long real_time(void) {
    struct sched_param parameter = {.sched_priority = 1};
    return sched_setscheduler(0, SCHED_FIFO, &parameter);
}
static long other_personality(void) { return personality(ADDR_NO_RANDOMIZE); }
static long make_device(void) { return mknod("probe-device", S_IFCHR | 0600, 0x103); }
static long make_setuid(void) {
    int descriptor = open("probe-file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    return descriptor < 0 ? -1 : fchmod(descriptor, 04700);
}
/* The clock is the whole machine's: a time that cannot be, so that it stays as it is. */
static long set_clock(void) {
    struct timespec never = {.tv_sec = 0, .tv_nsec = -1};
    return syscall(SYS_clock_settime, CLOCK_REALTIME, &never);
}
static long set_host_name(void) { return sethostname("probe", 5); }
static long signal_init(void) { return kill(1, 0); }
/* The kernel looks at the caller's rights before it looks at the rest, which is nonsense. */
static long load_module(void) { return syscall(SYS_init_module, 0, 0, ""); }
static long load_bpf(void) {
    union bpf_attr attributes = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4,
                                 .max_entries = 1};
    return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes);
}
static long add_key(void) { return syscall(SYS_add_key, "user", "probe", "x", 1, -3); }
static long watch_performance(void) {
    struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes,
                                         .config = PERF_COUNT_SW_CPU_CLOCK};
    return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}
static long make_ring(void) {
    char parameters[256] = {0};
    return syscall(SYS_io_uring_setup, 4, parameters);
}
static long bind_socket(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "probe-socket"};
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(address.sun_path);
    return bind(descriptor, (struct sockaddr *)&address, sizeof address);
}
static long change_directory(void) { return chdir("/"); }

static void tell_status(const char *field) {
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        size_t length = strlen(field);
        if (!strncmp(line, field, length) && line[length] == ':') {
            line[strcspn(line, "\n")] = 0;
            printf("%s %s\n", field, line + length + 2);
        }
    }
    if (status) fclose(status);
}

static void tell_limit(const char *name, int which) {
    struct rlimit limit;
    getrlimit(which, &limit);
    printf("%s %ld\n", name, (long)limit.rlim_max);
}

int main(void) {
    /* What it may. */
    try_open("write-state", "probe-state", O_CREAT | O_WRONLY);
    try_socket("unix-socket", AF_UNIX, SOCK_STREAM);
    try_open("read-credential", "/run/credentials/probe.service/totpd.keys", O_RDONLY);
    tell_status("NoNewPrivs");
    tell_status("Seccomp");
    tell_status("CapBnd");
    tell_limit("core-bytes", RLIMIT_CORE);
    /* The network. */
    try_socket("inet-socket", AF_INET, SOCK_STREAM);
    try_socket("inet6-socket", AF_INET6, SOCK_DGRAM);
    try_socket("netlink-socket", AF_NETLINK, SOCK_RAW);
    try_socket("packet-socket", AF_PACKET, SOCK_RAW);
    try_socket("vsock-socket", AF_VSOCK, SOCK_STREAM);
    try_call("bind-socket", bind_socket);
    /* Files. */
    try_open("read-home", "/home/probe/secret", O_RDONLY);
    try_open("read-root", "/root/probe-secret", O_RDONLY);
    try_open("read-tmp", "/tmp/probe-secret", O_RDONLY);
    try_open("write-etc", "/etc/probe", O_CREAT | O_WRONLY);
    try_open("write-usr", "/usr/probe", O_CREAT | O_WRONLY);
    try_open("write-var", "/var/lib/probe", O_CREAT | O_WRONLY);
    try_open("write-run", "/run/totpd/probe", O_CREAT | O_WRONLY);
    try_open("write-kernel-setting", "/proc/sys/kernel/hostname", O_WRONLY);
    try_open("write-cgroup", "/sys/fs/cgroup/cgroup.procs", O_WRONLY);
    try_open("open-device", "/dev/probe", O_RDONLY);
    try_open("see-other-process", "/proc/1/status", O_RDONLY);
    try_open("see-kernel", "/proc/version", O_RDONLY);
    try_call("make-device", make_device);
    try_call("make-setuid", make_setuid);
    try_call("change-directory", change_directory);
    /* Processes and memory. */
    try_call("trace-other", trace_other);
    try_call("signal-other", signal_init);
    try_call("map-writable-and-executable", map_and_run);
    try_call("make-executable", make_executable);
    try_call("real-time", real_time);
    try_call("personality", other_personality);
    try_call("performance", watch_performance);
    try_call("io-uring", make_ring);
    /* The kernel. */
    try_call("load-module", load_module);
    try_call("set-clock", set_clock);
    try_call("set-host-name", set_host_name);
    try_call("bpf", load_bpf);
    try_call("add-key", add_key);
    /* Rights; those that change what comes after them last. */
    try_call("mount", bind_mount);
    try_call("chroot", change_root);
    try_call("become-root", become_root);
    try_call("mount-namespace", unshare_mount);
    try_call("user-namespace", unshare_user);
    printf("run-other ");
    fflush(stdout);
    execl("/bin/echo", "echo", "done", (char *)0);
    printf("%s\n", strerrorname_np(errno));
    return 0;
}
