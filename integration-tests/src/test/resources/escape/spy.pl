# SPDX-License-Identifier: Apache-2.0
# In a container, with all rights of its root: watches for processes that do not execute the container's
# programs yet, and tries to access /proc/PID/exe, fd, mem, and to ptrace(2) them. Prints each success.
# SIGTERM ends it; then it prints how many such processes it saw, and how often access was refused.
use strict;
use warnings;
use Errno qw(EACCES EPERM);
use Fcntl qw(O_RDONLY O_WRONLY O_RDWR);
my ($own) = @ARGV; # pattern of the container's programs
my $ptrace = ((POSIX_machine() eq 'aarch64') ? 117 : 101);
my ($seen, $refused, $over) = (0, 0, 0);
$SIG{TERM} = sub { $over = 1 };
$| = 1;
print "ready\n";
my %known;
until ($over) {
  1 while waitpid(-1, 1) > 0; # reap traced processes that have ended
  opendir(my $proc, '/proc') or die "/proc: $!";
  for my $pid (grep { /^\d+$/ && $_ != $$ } readdir $proc) {
    next if $known{$pid};
    my $exe = readlink "/proc/$pid/exe";
    if (defined $exe) {
      if ($exe =~ /$own/) { $known{$pid} = 1 } else { got($pid, "exe is $exe"); overwrite($pid) }
    } elsif ($!{EACCES} || $!{EPERM}) {
      ++$seen;
      ++$refused;
      attack($pid);
    }
  }
  %known = () if keys %known > 1000;
}
print "seen $seen refused $refused\n";

# Access was refused a moment ago; unless the process executes the container's program by now, it should still be.
sub attack {
  my ($pid) = @_;
  if (opendir(my $fds, "/proc/$pid/fd")) {
    my @links = map { readlink("/proc/$pid/fd/$_") // () } readdir $fds;
    got($pid, "fds @links") if @links && still($pid);
  }
  if (sysopen(my $mem, "/proc/$pid/mem", O_RDWR)) { got($pid, 'mem') if still($pid) }
  overwrite($pid);
  if (still($pid) && syscall($ptrace, 0x4206, $pid + 0, 0, 0) == 0) { # PTRACE_SEIZE
    got($pid, 'ptrace') if still($pid);
  }
}

sub overwrite {
  my ($pid) = @_;
  if (sysopen(my $exe, "/proc/$pid/exe", O_WRONLY)) {
    got($pid, 'exe, to be written') if still($pid);
    syswrite($exe, "#!/bin/false\n") and got($pid, 'exe overwritten') if still($pid);
  }
}

# Whether the process exists and does not execute a program of the container yet.
sub still {
  my ($pid) = @_;
  my $exe = readlink "/proc/$pid/exe";
  return defined $exe ? $exe !~ /$own/ : $!{EACCES} || $!{EPERM};
}

sub got { print "GOT $_[0]: $_[1]\n" }

sub POSIX_machine {
  open(my $version, '<', '/proc/sys/kernel/arch') or return $ENV{ARCH} // 'x86_64';
  chomp(my $machine = <$version>);
  return $machine;
}
