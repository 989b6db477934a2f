# SPDX-License-Identifier: Apache-2.0
# In a container: waits for a created init in its pid namespace, traces it, and makes it execute system
# calls for which the container has no privilege. x86-64. Prints each success.
use strict;
use warnings;
my ($PEEKTEXT, $ATTACH, $DETACH, $GETREGS, $SETREGS, $SINGLESTEP) = (1, 16, 17, 12, 13, 9);
my ($ORIG_RAX, $RAX, $RDI, $RSI, $RIP) = (15, 10, 14, 13, 16); # in struct user_regs_struct
my ($SETHOSTNAME, $UNSHARE, $CLONE_NEWNS) = (170, 272, 0x20000);
my $EPERM = -1;
$| = 1;
print "ready\n";
my $pid;
until ($pid) {
  for my $candidate (grep { /^\d+$/ && $_ != $$ } map { s,/proc/,,r } glob('/proc/[0-9]*')) {
    open(my $comm, '<', "/proc/$candidate/comm") or next;
    my ($state) = (slurp("/proc/$candidate/stat") =~ /\) (\S)/);
    # Asleep in accept4(2), where it waits for its start.
    $pid = $candidate if <$comm> eq "jrunc:init\n" && slurp("/proc/$candidate/syscall") =~ /^288 /;
    $pid = $candidate if !$pid && waits($candidate);
  }
}
if (open(my $mem, '+<', "/proc/$pid/mem")) { print "opened its memory\n" } else { print "refused its memory\n" }
if (ptrace($ATTACH, 0, 0) != 0) {
  print "refused to trace\n";
} else {
  waitpid($pid, 0x40000000);
  print "traced $pid\n";
  got('sethostname') if call($SETHOSTNAME, 0, 0) != $EPERM;
  got('unshare') if call($UNSHARE, $CLONE_NEWNS, 0) != $EPERM;
  ptrace($DETACH, 0, 0);
}
print "done\n";
sleep 60;

# Whether it is an init that sleeps, some time after it got its name: its files cannot be read.
sub waits {
  my ($candidate) = @_;
  return 0 unless slurp("/proc/$candidate/comm") eq "jrunc:init\n";
  select(undef, undef, undef, 1);
  return slurp("/proc/$candidate/stat") =~ /\) S /;
}

sub slurp {
  open(my $file, '<', $_[0]) or return '';
  local $/;
  return <$file> // '';
}

# Makes it execute a call at the instruction in which it sleeps; returns the result.
sub call {
  my ($number, $first, $second) = @_;
  my $regs = "\0" x 216;
  ptrace($GETREGS, 0, $regs) == 0 or die "GETREGS: $!";
  my @regs = unpack('q27', $regs);
  my @saved = @regs;
  $regs[$RIP] -= 2;
  @regs[$ORIG_RAX, $RAX, $RDI, $RSI] = (-1, $number, $first, $second);
  ptrace($SETREGS, 0, pack('q27', @regs)) == 0 or die "SETREGS: $!";
  ptrace($SINGLESTEP, 0, 0) == 0 or die "SINGLESTEP: $!";
  waitpid($pid, 0x40000000);
  ptrace($GETREGS, 0, $regs);
  my $result = (unpack('q27', $regs))[$RAX];
  ptrace($SETREGS, 0, pack('q27', @saved));
  print "call $number: $result\n";
  return $result;
}

sub ptrace { return syscall(101, $_[0] + 0, $pid + 0, $_[1], $_[2]) }

sub got { print "GOT $_[0]\n" }
