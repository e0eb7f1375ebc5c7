using Congress.Bus.Protocol;

namespace Congress.Tests.Simulation;

/// <summary>The links between processes: what a transport promises, and in hostile scenarios less than that.</summary>
internal sealed class Network(World world)
{
    private readonly HashSet<(int From, int To)> _cuts = [];
    private readonly FrameBuffer _buffer = new();
    private long _lastLink;

    /// <summary>After the healing a small window has a fast link: how long the protocol waits is what is looked at, not what a window a round trip can carry.</summary>
    private int MaxLatency => world.IsHealed ? Math.Min(world.Scenario.MaxLatency, 2 * world.Scenario.Settings.Window) : world.Scenario.MaxLatency;

    public bool IsCut(int from, int to) => _cuts.Contains((from, to));

    public void Cut(int from, int to) => _cuts.Add((from, to));

    /// <summary>Takes a cut away. What a link held back goes on its way.</summary>
    public void Mend(int from, int to)
    {
        if (!_cuts.Remove((from, to)))
        {
            return;
        }

        foreach (var process in world.Processes.Where(p => p.Address == from))
        {
            foreach (var end in process.Ends.Values.Where(e => e.Other.Owner.Address == to))
            {
                var latency = world.Random.Milliseconds(0, MaxLatency);
                while (end.Held.TryDequeue(out var held))
                {
                    end.Other.Owner.NoteHeld(world.Now - held.SentAt);
                    Carry(end, held, latency);
                }
            }
        }
    }

    public void MendAll()
    {
        foreach (var (from, to) in _cuts.ToArray())
        {
            Mend(from, to);
        }
    }

    /// <summary>Takes a frame unless the link's queue is full.</summary>
    public bool TrySend(LinkEnd end, Frame frame)
    {
        var scenario = world.Scenario;
        if (end.InFlight >= (world.IsHealed ? 1000 : scenario.QueueCapacity))
        {
            return false;
        }

        world.Count("frames");
        CountKind(end, frame);
        var parcel = new Parcel(scenario.UsesCodec ? null : frame, scenario.UsesCodec ? Encode(frame) : null, frame is Heartbeat, world.Now);
        end.InFlight++;
        var isCut = IsCut(end.Owner.Address, end.Other.Owner.Address);
        if (!scenario.IsHostile || world.IsHealed)
        {
            if (isCut)
            {
                end.Held.Enqueue(parcel);
            }
            else
            {
                Carry(end, parcel);
            }

            return true;
        }

        if (isCut || world.Random.Chance(scenario.Drop))
        {
            world.Count("frames lost");
            end.InFlight--;
            return true;
        }

        Carry(end, parcel);

        // That a call, or a refusal of one, comes only once is the transport's promise alone: a call refused by the first of two frames and begun by the second
        // would be told as never begun.
        if (frame is not (Call or Fault) && world.Random.Chance(scenario.Duplicate))
        {
            world.Count("frames repeated");
            end.InFlight++;
            Carry(end, parcel);
        }

        return true;
    }

    /// <summary>Closes one end; the other learns of it, unless nothing goes that way.</summary>
    public void Close(LinkEnd end, string reason)
    {
        end.Owner.LinkDown(end, reason);
        TellOther(end, reason);
    }

    /// <summary>Lets two processes say HELLO to each other.</summary>
    public void Dial(SimulatedProcess dialler, SimulatedProcess listener)
    {
        var known = dialler.Ends.Values.FirstOrDefault(e => e.Other.Owner == listener);
        if (known is not null || dialler.IsPaused || listener.IsPaused || dialler.IsLeaving || listener.IsLeaving
            || IsCut(dialler.Address, listener.Address) || IsCut(listener.Address, dialler.Address))
        {
            return;
        }

        if (!Admits(listener, dialler) || !Admits(dialler, listener))
        {
            return;
        }

        var (a, b) = (new LinkEnd(dialler, ++_lastLink), new LinkEnd(listener, ++_lastLink));
        (a.Other, b.Other) = (b, a);
        a.HeardAt = b.HeardAt = world.Now;
        world.Count("links");
        if (world.IsTraced)
        {
            world.Trace($"{dialler} and {listener} are linked: {a.Id}-{b.Id}");
        }

        // A transport may tell of the end of the link before while the new one is there already.
        var stale = dialler.Ends.Values.Where(e => e.Other.Owner.Identity.Id == listener.Identity.Id)
            .Concat(listener.Ends.Values.Where(e => e.Other.Owner.Identity.Id == dialler.Identity.Id)).ToArray();
        var isLate = world.Random.Chance(0.3);
        foreach (var end in stale)
        {
            if (isLate)
            {
                world.Time.After(world.Random.Milliseconds(0, 500), () => end.Owner.LinkDown(end, "replaced by a newer link"));
            }
            else
            {
                end.Owner.LinkDown(end, "replaced by a newer link");
            }
        }

        dialler.LinkUp(a);
        listener.LinkUp(b);
    }

    /// <summary>Asks a node whether another may come in, and holds the answer against what is known here.</summary>
    private bool Admits(SimulatedProcess node, SimulatedProcess stranger)
    {
        var answer = node.Protocol.Admit(stranger.Identity, world.Now);
        var holder = node.Ends.Values.Where(e => e.Other.Owner.Identity.Id == stranger.Identity.Id && e.Other.Owner != stranger && !e.IsLeft)
            .MaxBy(e => e.Id);
        var silence = holder is null ? TimeSpan.MaxValue : world.Now - holder.HeardAt;
        if (answer is null && silence < world.Scenario.Settings.Suspect && holder!.Other.Owner.IsAlive)
        {
            world.Fail($"{node} admits {stranger} of the same name as {holder.Other.Owner.Identity}, heard {silence.TotalSeconds:0.0} s ago");
        }

        if (answer is not null && silence >= world.Scenario.Settings.Suspect)
        {
            world.Fail($"{node} refuses {stranger.Identity}, though nobody else of the name is heard: {answer}");
        }

        world.Count(answer is null ? "admitted" : "admissions refused");
        return answer is null;
    }

    private void TellOther(LinkEnd end, string reason)
    {
        if (!IsCut(end.Owner.Address, end.Other.Owner.Address))
        {
            world.Time.After(world.Random.Milliseconds(0, MaxLatency), () => end.Other.Owner.LinkDown(end.Other, reason));
        }
    }

    private void Carry(LinkEnd end, Parcel parcel, TimeSpan? latency = null)
    {
        var arrival = world.Now + (latency ?? world.Random.Milliseconds(0, MaxLatency));
        if (!world.IsHealed && !parcel.IsHeartbeat && world.Scenario.Straggle > 0 && world.Random.Chance(world.Scenario.Straggle))
        {
            world.Count("frames late");
            arrival += world.Random.Milliseconds(200, Scenario.MaxDelay);
            arrival = arrival < world.Scenario.HealedAt ? arrival : world.Scenario.HealedAt;   // the healing ends this too
        }
        else if (!world.IsHealed && world.Random.Chance(world.Scenario.Reorder))
        {
            arrival += world.Random.Milliseconds(0, MaxLatency);
        }
        else if (world.Scenario.Reorder == 0 || world.IsHealed)
        {
            arrival = arrival < end.LastArrival ? end.LastArrival : arrival;
            end.LastArrival = arrival;
        }

        world.Time.At(arrival, () => end.Other.Owner.Do(() =>
        {
            end.InFlight--;
            Deliver(end.Other, parcel);
        }));
    }

    private void Deliver(LinkEnd end, Parcel parcel)
    {
        if (!end.IsUp)
        {
            TellOther(end, "the link was reset");
            return;
        }

        var frame = parcel.Frame ?? Decode(end, parcel.Bytes!);
        if (frame is null)
        {
            Close(end, "a malformed frame");
            return;
        }

        if (!world.IsHealed && world.Scenario.Tamper > 0 && world.Random.Chance(world.Scenario.Tamper))
        {
            frame = Tamper(end, frame);
        }

        if (frame is Heartbeat && !end.IsLeft)
        {
            end.HeardAt = world.Now;
        }

        end.IsLeft |= frame is Bye;
        if (world.IsTraced)
        {
            world.Trace($"{end.Other.Owner} -> {end.Owner} ({end.Id}): {(frame is Heartbeat h ? $"Heartbeat {string.Join("; ", h.Services.Select(s => $"{s.Service} {s.Start} {s.IsActive} {s.Fence}"))} {string.Join("; ", h.Marks.Select(m => $"{m.Subscription} g{m.Generation} @{m.Sequence}"))}" : frame is Deltas d ? $"Deltas {d.Subscription} g{d.Generation} {string.Join(' ', d.Parts.Select(p => $"{p.Sequence}.{p.Part}{(p.IsLast ? "!" : "")}"))}" : frame)}");
        }

        end.Owner.Protocol.Received(end.Id, frame, world.Now);
    }

    /// <summary>Changes a row of a frame. A snapshot must then be refused; a change is seen to be wrong when a heartbeat tells the hash.</summary>
    private Frame Tamper(LinkEnd end, Frame frame)
    {
        switch (frame)
        {
            case SnapshotChunk { Rows.Length: > 0 } chunk:
                world.Count("snapshots tampered with");
                end.Owner.IsMisled = true;
                var rows = chunk.Rows.ToArray();
                rows[world.Random.Below(rows.Length)] = Rows.All[world.Random.Below(Rows.All.Length)];
                return chunk with { Rows = rows };
            case Deltas { Parts: [{ Inserted.Length: > 0 } first, ..] } deltas:
                world.Count("changes tampered with");
                end.Owner.IsMisled = true;
                end.Owner.Readers.Find(r => r.Id == deltas.Subscription)?.Mislead();
                return deltas with { Parts = [first with { Inserted = first.Inserted[1..] }, .. deltas.Parts.Skip(1)] };
            default:
                return frame;
        }
    }

    private byte[] Encode(Frame frame)
    {
        _buffer.Clear();
        FrameCodec.Write(frame, _buffer, compress: true);
        return _buffer.Written.ToArray();
    }

    private Frame? Decode(LinkEnd end, byte[] bytes)
    {
        if (world.IsHealed || !world.Random.Chance(world.Scenario.Damage))
        {
            return FrameCodec.Read(bytes, out var fault) ?? throw new BrokenPromiseException($"a frame cannot be read that was written: {fault}");
        }

        world.Count("frames damaged");
        var damaged = bytes.AsSpan(0, world.Random.Chance(0.3) ? world.Random.Below(bytes.Length) : bytes.Length).ToArray();
        if (damaged.Length == bytes.Length)
        {
            damaged[world.Random.Below(damaged.Length)] ^= (byte)(1 << world.Random.Below(8));
        }

        if (FrameCodec.Read(damaged, out _) is { } frame)
        {
            world.Fail($"{end.Owner} reads {frame} from damaged bytes");
        }

        return null;
    }

    private void CountKind(LinkEnd end, Frame frame)
    {
        switch (frame)
        {
            case Subscribe ask:
                end.Asked[ask.Subscription] = ask;
                if (ask.Generation > 1)
                {
                    world.Count(ask.Sequence > 0 ? "re-asks with rows" : "re-asks");
                }

                break;
            case SnapshotChunk { Index: 0 } chunk:
                world.Count("snapshots sent");
                if (end.Other.Asked.TryGetValue(chunk.Subscription, out var asked) && asked.Epoch == chunk.Epoch)
                {
                    world.Count("off the ring");
                }

                break;
            case Deltas deltas when end.Other.Asked.Remove(deltas.Subscription, out var request) && request.Sequence > 0 && request.Epoch == deltas.Epoch:
                world.Count("went on by changes");
                break;
            case Deltas { Parts: [{ Part: > 0 }, ..] }:
                world.Count("parts of changes");
                break;
        }
    }
}

/// <summary>One side of a link.</summary>
internal sealed class LinkEnd(SimulatedProcess owner, long id)
{
    public SimulatedProcess Owner => owner;

    public long Id => id;

    public LinkEnd Other { get; set; } = null!;

    public bool IsUp { get; set; } = true;

    /// <summary>Frames sent and not yet taken in at the other side.</summary>
    public int InFlight { get; set; }

    /// <summary>When the last frame arrives, before which no later one does.</summary>
    public TimeSpan LastArrival { get; set; }

    /// <summary>When this side got the last heartbeat.</summary>
    public TimeSpan HeardAt { get; set; }

    /// <summary>What this side has asked for and was not yet answered.</summary>
    public Dictionary<ulong, Subscribe> Asked { get; } = [];

    /// <summary>Whether the other side has said goodbye.</summary>
    public bool IsLeft { get; set; }

    /// <summary>Frames that wait for a cut to be mended.</summary>
    public Queue<Parcel> Held { get; } = new();
}

/// <summary>A frame on its way: itself, or as bytes.</summary>
internal sealed record Parcel(Frame? Frame, byte[]? Bytes, bool IsHeartbeat, TimeSpan SentAt);
