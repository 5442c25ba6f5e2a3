-- Two-phase commit with N resource managers.

const
  N : 3;

type
  rm_t    : 1 .. N;
  state_t : enum { Working, Prepared, Committed, Aborted };

var
  -- the transaction manager is undecided while Working; its decision is sent
  tm       : state_t;
  rm       : array [rm_t] of state_t;
  sent     : array [rm_t] of boolean; -- the message that it is prepared
  received : array [rm_t] of boolean; -- whether the transaction manager got it

startstate begin
  tm := Working;
  for i : rm_t do
    rm[i] := Working;
    sent[i] := false;
    received[i] := false;
  end;
end;

rule "TMCommit" tm = Working & (forall i : rm_t do received[i] end) ==> begin
  tm := Committed;
end;

rule "TMAbort" tm = Working ==> begin
  tm := Aborted;
end;

ruleset i : rm_t do
  rule "TMRcvPrepared" tm = Working & sent[i] ==> begin
    received[i] := true;
  end;

  rule "RMPrepare" rm[i] = Working ==> begin
    rm[i] := Prepared;
    sent[i] := true;
  end;

  rule "RMChooseToAbort" rm[i] = Working ==> begin
    rm[i] := Aborted;
  end;

  rule "RMRcvCommitMsg" tm = Committed ==> begin
    rm[i] := Committed;
  end;

  rule "RMRcvAbortMsg" tm = Aborted ==> begin
    rm[i] := Aborted;
  end;
end;

invariant "consistent"
  forall i : rm_t do forall j : rm_t do !(rm[i] = Committed & rm[j] = Aborted) end end;
