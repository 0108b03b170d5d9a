/* hello: one page over HTTP, in a static program of a few kilobytes that needs nothing but a kernel.
 *
 * Heroku starts every process through /bin/sh, so the same program answers to that name too, as far
 * as a dyno needs it: `sh -c 'words "with quotes" and $VARIABLES'`, without pipes or globs. It also
 * installs itself: Nix runs it as its own builder, so that this flake needs no input at all.
 *
 * The file `hello` beside this one is the result of
 *   cc -Os -static -nostdlib -ffreestanding -fno-pie -no-pie -fno-stack-protector -fcf-protection=none \
 *      -fno-asynchronous-unwind-tables -fno-builtin -Wl,--build-id=none,-z,noseparate-code -s -o hello hello.c
 */
typedef long word;
typedef unsigned char byte;

static char **environment;

static word sys(word n, word a, word b, word c, word d, word e, word f) {
  register word r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  word result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
enum { READ, WRITE, OPEN, CLOSE, SIGACTION = 13, SOCKET = 41, ACCEPT = 43, BIND = 49, LISTEN = 50,
       SETSOCKOPT = 54, EXECVE = 59, EXIT = 60, MKDIR = 83, SYMLINK = 88 };
#define call3(n, a, b, c) sys(n, (word)(a), (word)(b), (word)(c), 0, 0, 0)

static word length(const char *s) { word n = 0; while (s[n]) n++; return n; }
static int same(const char *a, const char *b) { while (*a && *a == *b) a++, b++; return *a == *b; }
static void say(int fd, const char *s) { call3(WRITE, fd, s, length(s)); }
__attribute__((noreturn)) static void leave(int code) { for (;;) call3(EXIT, code, 0, 0); }
__attribute__((noreturn)) static void fail(const char *what) { say(2, what); say(2, "\n"); leave(127); }
static void stop(int signal) { (void)signal; leave(0); }

static const char *variable(const char *name, word size) {
  for (char **e = environment; *e; e++) {
    word i = 0;
    while (i < size && (*e)[i] == name[i]) i++;
    if (i == size && (*e)[i] == '=') return *e + i + 1;
  }
  return 0;
}

static char *append(char *to, char *end, const char *s) {
  while (*s) { if (to + 1 >= end) fail("too long"); *to++ = *s++; }
  *to = 0;
  return to;
}

/* Starts a program, looked up in PATH when its name has no slash. */
__attribute__((noreturn)) static void start(char **words) {
  const char *name = words[0], *c = name;
  while (*c && *c != '/') c++;
  if (*c) call3(EXECVE, name, words, environment);
  const char *path = variable("PATH", 4);
  for (path = path ? path : "/bin"; !*c && *path;) {
    char file[4096], *to = file;
    while (*path && *path != ':' && to < file + 2048) *to++ = *path++;
    if (*path == ':') path++;
    to = append(append(to, file + sizeof file, "/"), file + sizeof file, name);
    call3(EXECVE, file, words, environment);
  }
  say(2, name);
  fail(": not found");
}

static int letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/* sh -c: words, quotes, backslashes, $VARIABLES, a leading exec; refuses what it doesn't know. */
__attribute__((noreturn)) static void shell(const char *s) {
  static char text[65536], *words[1024];
  char *to = text, *end = text + sizeof text, quote = 0;
  int count = 0, open = 0;
  for (;; s++) {
    if (!quote && (*s == 0 || *s == ' ' || *s == '\t' || *s == '\n')) {
      if (open) { *to++ = 0; open = 0; }
      if (!*s) break;
      continue;
    }
    if (!*s) fail("sh: a quote is not closed");
    if (!open) { if (count >= 1022 || to + 2 >= end) fail("sh: too long"); words[count++] = to; open = 1; }
    if (to + 2 >= end) fail("sh: too long");
    if (quote ? *s == quote : (*s == '\'' || *s == '"')) { quote = quote ? 0 : *s; continue; }
    if (quote == '\'') { *to++ = *s; continue; }
    if (*s == '\\' && s[1]) { *to++ = *++s; continue; }
    if (*s == '$') {
      int brace = s[1] == '{';
      const char *name = s + 1 + brace, *after = name;
      while (letter(*after)) after++;
      if (after == name) { *to++ = *s; continue; }
      const char *value = variable(name, after - name);
      if (value) to = append(to, end, value);
      s = after - 1 + (brace && *after == '}');
      continue;
    }
    for (const char *odd = "|&;<>()`*?[#~"; !quote && *odd; odd++)
      if (*s == *odd) fail("sh: this shell knows words, quotes and variables only");
    *to++ = *s;
  }
  words[count] = 0;
  char **first = words;
  if (count && same(*first, "exec")) first++;
  if (!*first) leave(0);
  start(first);
}

static void install(void) {
  static char bin[4096], path[4096], bytes[65536];
  const char *out = variable("out", 3);
  if (!out) fail("hello: --install is for Nix");
  call3(MKDIR, out, 0755, 0);
  append(append(bin, bin + 4000, out), bin + 4000, "/bin");
  call3(MKDIR, bin, 0755, 0);
  append(append(path, path + 4090, bin), path + 4090, "/hello");
  word from = call3(OPEN, "/proc/self/exe", 0, 0), to = call3(OPEN, path, 01 | 0100 | 01000, 0755), n;
  while ((n = call3(READ, from, bytes, sizeof bytes)) > 0) call3(WRITE, to, bytes, n);
  append(append(path, path + 4090, bin), path + 4090, "/sh");
  call3(SYMLINK, "hello", path, 0);
  append(append(path, path + 4090, bin), path + 4090, "/env");
  call3(SYMLINK, "hello", path, 0);
  leave(from < 0 || to < 0 || n < 0);
}

static void serve(void) {
  struct { void (*handler)(int); word flags; void (*restore)(int); word mask; } action = { stop, 0x04000000, stop, 0 };
  sys(SIGACTION, 15, (word)&action, 0, 8, 0, 0);
  const char *text = variable("PORT", 4);
  word port = 0;
  for (text = text ? text : "8080"; *text >= '0' && *text <= '9'; text++) port = port * 10 + (*text - '0');
  byte address[16] = { 2, 0, (byte)(port >> 8), (byte)port };
  word one = 1, listener = call3(SOCKET, 2, 1, 0);
  sys(SETSOCKOPT, listener, 1, 2, (word)&one, 4, 0);
  if (call3(BIND, listener, address, 16) < 0 || call3(LISTEN, listener, 64, 0) < 0) fail("hello: cannot listen on $PORT");
  say(1, "hello: listening\n");
  for (;;) {
    char request[2048];
    word client = call3(ACCEPT, listener, 0, 0);
    if (client < 0) continue;
    call3(READ, client, request, sizeof request);
    say(client, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n"
                "<!doctype html><title>hello</title><h1>Hello from a static binary</h1>\n"
                "<p>No shell, no libc, no /usr: just Nix, and a few kilobytes.\n");
    call3(CLOSE, client, 0, 0);
  }
}

__attribute__((used, noreturn)) static void begin(word *stack) {
  word count = stack[0];
  char **words = (char **)(stack + 1), *name = words[0];
  environment = words + count + 1;
  for (char *c = words[0]; *c; c++) if (*c == '/') name = c + 1;
  if (same(name, "sh")) {
    int i = 1;
    while (i < count && same(words[i], "-l")) i++;
    if (i + 1 < count && (same(words[i], "-c") || same(words[i], "-lc"))) shell(words[i + 1]);
    fail("sh: this shell only knows sh -c 'command'");
  }
  if (same(name, "env")) {
    if (count > 1) start(words + 1);
    for (char **e = environment; *e; e++) { say(1, *e); say(1, "\n"); }
    leave(0);
  }
  if (count > 1 && same(words[1], "--install")) install();
  serve();
  leave(0);
}

__asm__(".globl _start\n_start:\n  xor %rbp, %rbp\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call begin\n");
