import type { Freedom } from '../../../contract/command-facts.ts';

/** What a program can do by its nature. */
export type InnateFreedom = Exclude<Freedom, 'option' | 'environment'>;

/** Programs that run what their arguments do not tell, by their familiar names. */
const lists: Readonly<Record<InnateFreedom, string>> = {
  interpreter: `
    sh bash dash ash ksh mksh pdksh rbash rksh zsh fish csh tcsh yash rc es elvish nu xonsh pwsh busybox toybox
    python pypy ipython perl ruby irb node nodejs deno bun php lua luajit tclsh wish expect rscript r julia ghc ghci
    runghc runhaskell scala java jshell groovy clojure erl escript iex elixir ocaml racket guile sbcl clisp emacsclient
    octave gnuplot osascript awk gawk mawk nawk original-awk bc dc m4
    make gmake bmake cmake ninja meson scons ant mvn mvnw gradle gradlew rake just task bazel
    gcc cc g++ c++ clang go cargo rustc tcc ld as
    gdb gdbserver lldb strace ltrace perf valgrind bpftrace stap dtrace rr
    apt apt-get aptitude dpkg dpkg-reconfigure rpm yum dnf zypper apk pacman emerge snap flatpak brew nix nix-shell
    nix-env npm npx yarn pnpm corepack pip pipx uv uvx poetry conda mamba gem bundle bundler composer cpan cpanm
    luarocks opam
    docker podman nerdctl ctr crictl runc crun lxc lxc-attach buildah skopeo docker-compose machinectl systemd-nspawn
    ansible ansible-playbook puppet chef-client salt-call terraform tofu packer vagrant helm
    mysql mariadb psql sqlite sqlplus mongo mongosh redis-cli clickhouse-client git hg svn bzr tig
    su runuser pkexec run0 newgrp sg login setpriv capsh start-stop-daemon chroot unshare nsenter systemd-run
    firejail bwrap proot fakeroot fakechroot cgexec dbus-run-session dbus-launch ssh-agent xvfb-run
    at batch crontab anacron run-parts parallel sem watch entr script scriptreplay screen tmux byobu dtach abduco
    flock chrt taskset prlimit setarch linux32 linux64 numactl softlimit chpst eatmydata faketime rlwrap unbuffer
    torsocks proxychains proxychains4 ld.so ld-linux openssl gpg-agent logrotate
    update-alternatives insmod modprobe kexec ldd patch runcon newrole aa-exec lxc-execute lxc-start choom cpulimit
    i386 x86_64 uname26 systemd-cat systemd-inhibit systemd-socket-activate systemd-notify systemd-mount busctl
    dbus-send gdbus gosu su-exec tini dumb-init envdir setuidgid envuidgid setlock chronic ifne pee direnv trickle
    tsocks xinetd inetd tcpserver git-shell git-receive-pack git-upload-archive mail mailx s-nail mutt iftop ncdu cqlsh usql sqlcmd
    tshark wireshark tex latex pdftex pdflatex luatex lualatex xelatex xetex latexmk gs
    convert magick bconsole byebug cabal cdist certbot cobc cowsay cowthink crash cupsfilter debugfs distcc dmsetup
    dosbox dotnet dvips easy_install enscript exiftool facter genie ginsh grc gtester ispell aspell jjs jrunscript
    knife ksu logsave msfconsole msgfilter multitime nroff troff groff pandoc pax pdb perlbug pexec pic eqn tbl posh
    rpmdb rpmquery rpmverify rtorrent run-mailcap xdg-open runscript sash scanmem scrot slsh sqlmap tasksh tdbtool
    tmate torify turbostat unsquashfs virsh xdotool openvt opkg pkg dhclient ifup ifdown pppd openvpn`,
  editor: `
    vi vim view rvim rview ex nvim gvim evim vimdiff nvi elvis vile ed red nano rnano pico joe jmacs jstar jpico rjoe
    emacs micro helix hx kak mcedit mcview mc ne jed zile mg le tilde acme sam sudoedit visudo vipw vigr vidir
    select-editor sensible-editor editor edit ranger lf nnn vifm`,
  pager: `less lesspipe more most man info zless zmore bzless bzmore xzless xzmore zstdless pg bat batcat lnav pager
    sensible-pager perldoc pydoc delta multitail xmore yelp zathura`,
  remote: `
    ssh slogin scp sftp sshfs rsh rcp rlogin rexec remsh telnet ftp lftp tftp ncftp mosh mosh-client autossh sshpass
    ssh-copy-id pssh pscp pdsh clush dsh nc ncat netcat socat cryptcat curl wget aria2c axel http https httpie
    psftp smbclient minicom finger whois sftp-server internal-sftp lynx links elinks w3m kubectl oc k9s aws gcloud gsutil az doctl rclone restic borg duplicity vncviewer xfreerdp rdesktop`,
};

const freedoms: ReadonlyMap<string, InnateFreedom> = new Map(
  (['interpreter', 'editor', 'pager', 'remote'] as const).flatMap((freedom) =>
    lists[freedom]
      .split(/\s+/)
      .filter((name) => name !== '')
      .map((name) => [name, freedom] as const),
  ),
);

/** Dynamic loaders run the program that they are given: `/lib64/ld-linux-x86-64.so.2 /bin/sh`. */
const loader = /^ld(-linux|-musl|-elf|64)?[\w.-]*\.so(\.\d+)*$/;

/** What a program can do whatever its arguments are; null when it is in no list. */
export function freedomOf(baseName: string, familiarName: string): InnateFreedom | null {
  // No file system has longer names.
  if (baseName.length > 255) return null;
  if (loader.test(baseName)) return 'interpreter';
  return freedoms.get(baseName.toLowerCase()) ?? freedoms.get(familiarName) ?? null;
}

export const becauseOf: Readonly<Record<InnateFreedom, string>> = {
  interpreter: 'runs what it is told, not only what the line tells',
  editor: 'can run commands and write any file',
  pager: 'can run commands and open any file',
  remote: 'reaches other machines',
};
