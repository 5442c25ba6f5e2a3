-- A replicated log of three brokers. README.md tells what it does.

const
  MESSAGES : 1;
  ATTEMPTS : 1;
  EPOCHS   : 2;
  CRASHES  : 1;
  L        : 4; -- length of a log; ATTEMPTS * MESSAGES is at most that

type
  broker_t  : 0 .. 2;
  message_t : 1 .. MESSAGES;
  epoch_t   : 1 .. EPOCHS;
  length_t  : 0 .. L;
  index_t   : 0 .. L - 1;
  entry_t   : record epoch : 0 .. EPOCHS; message : 0 .. MESSAGES; end;

var
  leader   : broker_t; -- as elected; it may have crashed since
  epoch    : epoch_t;
  crashes  : 0 .. CRASHES;
  acked    : array [message_t] of boolean;
  attempts : array [message_t] of 0 .. ATTEMPTS;
  insync   : array [broker_t] of boolean;
  alive    : array [broker_t] of boolean;
  known    : array [broker_t] of epoch_t; -- the leader epoch a broker knows
  end_     : array [broker_t] of length_t;
  high     : array [broker_t] of length_t; -- high watermark
  log      : array [broker_t] of array [index_t] of entry_t; -- 0 behind the end

function leads(b : broker_t) : boolean; begin
  return leader = b & alive[b];
end;

-- how many entries at the front of two logs agree
function matching(b : broker_t; c : broker_t) : length_t; begin
  for i : index_t do
    if i >= end_[b] | i >= end_[c] | log[b][i].epoch != log[c][i].epoch | log[b][i].message != log[c][i].message then
      return i;
    end;
  end;
  return L;
end;

-- how many entries the in-sync brokers have in common with leader b
function replicated(b : broker_t) : length_t;
var n : length_t;
begin
  n := end_[b];
  for c : broker_t do
    if c != b & insync[c] & matching(b, c) < n then
      n := matching(b, c);
    end;
  end;
  return n;
end;

function committed(b : broker_t; x : message_t) : boolean; begin
  for i : index_t do
    if i < high[b] & log[b][i].message = x then
      return true;
    end;
  end;
  return false;
end;

procedure cut(b : broker_t; n : length_t); begin
  for i : index_t do
    if i >= n then
      log[b][i].epoch := 0;
      log[b][i].message := 0;
    end;
  end;
  end_[b] := n;
end;

startstate begin
  leader := 0;
  epoch := 1;
  crashes := 0;
  for x : message_t do
    acked[x] := false;
    attempts[x] := 0;
  end;
  for b : broker_t do
    insync[b] := true;
    alive[b] := true;
    known[b] := 1;
    high[b] := 0;
    cut(b, 0);
  end;
end;

ruleset b : broker_t do
  ruleset x : message_t do
    rule "Append" leads(b) & attempts[x] < ATTEMPTS & end_[b] < L & !acked[x] ==> begin
      log[b][end_[b]].epoch := known[b];
      log[b][end_[b]].message := x;
      end_[b] := end_[b] + 1;
      attempts[x] := attempts[x] + 1;
    end;

    rule "Ack" leads(b) & !acked[x] & committed(b, x) ==> begin
      acked[x] := true;
    end;
  end;

  rule "Fetch"
    leader != b & alive[b] & alive[leader] & (end_[b] != end_[leader] | high[b] != high[leader]
      | known[b] != known[leader] | matching(leader, b) != end_[leader]) ==>
  var n : length_t;
  begin
    n := matching(leader, b);
    if n < end_[leader] then
      log[b][n] := log[leader][n];
      n := n + 1;
    end;
    cut(b, n);
    known[b] := known[leader];
    high[b] := high[leader];
    if n < high[b] then
      high[b] := n;
    end;
  end;

  rule "AdvanceHighWatermark" leads(b) & replicated(b) > high[b] ==> begin
    high[b] := replicated(b);
  end;

  ruleset c : broker_t do
    rule "Shrink" leads(b) & c != b & insync[c] & matching(b, c) < end_[b] ==> begin
      insync[c] := false;
    end;

    rule "Expand" leads(b) & c != b & !insync[c] & alive[c] & matching(b, c) >= high[b] ==> begin
      insync[c] := true;
    end;
  end;

  rule "Crash" alive[b] & crashes < CRASHES ==> begin
    alive[b] := false;
    crashes := crashes + 1;
    if exists c : broker_t do c != b & insync[c] end then
      insync[b] := false;
    end;
  end;

  rule "Restart" !alive[b] ==> begin
    alive[b] := true;
    cut(b, high[b]);
  end;

  rule "Elect" alive[b] & insync[b] & leader != b & !alive[leader] & epoch < EPOCHS ==> begin
    epoch := epoch + 1;
    leader := b;
    known[b] := epoch;
  end;
end;
