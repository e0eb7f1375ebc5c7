using System.Diagnostics;
using Congress.Data;

namespace Congress.Bus.Protocol;

/// <summary>The byte that tells the kind of a frame.</summary>
internal enum FrameType : byte
{
    Hello = 1,
    Refuse = 2,
    Probe = 3,
    Heartbeat = 4,
    Subscribe = 5,
    Unsubscribe = 6,
    SubscribeRefused = 7,
    Deltas = 8,
    SnapshotChunk = 9,
    Ack = 10,
    Call = 11,
    Answer = 12,
    Fault = 13,
    Cancel = 14,
    Bye = 15,
    ByeAck = 16,
}

/// <summary>The body of each kind of frame, written and read side by side.</summary>
internal static class FrameBodies
{
    public static FrameType Write(Frame frame, FrameBuffer to)
    {
        switch (frame)
        {
            case Deltas deltas:
                Write(deltas, to);
                return FrameType.Deltas;
            case Ack ack:
                to.Number(ack.Subscription);
                to.Number(ack.Generation);
                to.Number(ack.Frames);
                return FrameType.Ack;
            case Call call:
                to.Number(call.Id);
                to.Text(call.Service);
                to.Text(call.Method);
                to.Bytes(call.Request.ToJson().Span);
                to.Number(call.Deadline);
                to.Number(call.Attempt);
                to.Text(call.Key);
                return FrameType.Call;
            case Answer answer:
                to.Number(answer.Id);
                to.Bytes(answer.Result.ToJson().Span);
                return FrameType.Answer;
            case SnapshotChunk chunk:
                to.Number(chunk.Subscription);
                to.Number(chunk.Generation);
                to.Epoch(chunk.Epoch);
                to.Number(chunk.Sequence);
                to.Number(chunk.Index);
                to.Number(chunk.TotalRows);
                to.Fixed(chunk.Hash);
                to.Rows(chunk.Rows.Span);
                return FrameType.SnapshotChunk;
            case Heartbeat heartbeat:
                Write(heartbeat, to);
                return FrameType.Heartbeat;
            case Fault fault:
                to.Number(fault.Id);
                to.Byte((byte)fault.Kind);
                to.Text(fault.Type);
                to.Text(fault.Message);
                to.Number(fault.RetryAfter);
                return FrameType.Fault;
            case Cancel cancel:
                to.Number(cancel.Id);
                return FrameType.Cancel;
            case Subscribe subscribe:
                to.Number(subscribe.Subscription);
                to.Number(subscribe.Generation);
                to.Text(subscribe.Table.Policy);
                to.Text(subscribe.Table.Table);
                to.Epoch(subscribe.Epoch);
                to.Number(subscribe.Sequence);
                return FrameType.Subscribe;
            case Unsubscribe unsubscribe:
                to.Number(unsubscribe.Subscription);
                return FrameType.Unsubscribe;
            case SubscribeRefused refused:
                to.Number(refused.Subscription);
                to.Number(refused.Generation);
                to.Text(refused.Reason);
                return FrameType.SubscribeRefused;
            case Hello hello:
                Write(hello, to);
                return FrameType.Hello;
            case Refuse refuse:
                to.Text(refuse.Reason);
                return FrameType.Refuse;
            case Probe probe:
                to.Bytes(probe.Payload.Span);
                return FrameType.Probe;
            case Bye:
                return FrameType.Bye;
            case ByeAck:
                return FrameType.ByeAck;
            default:
                throw new UnreachableException();
        }
    }

    public static Frame? Read(FrameType type, ReadOnlySpan<byte> body, out string? fault)
    {
        var from = new FrameReader(body);
        Frame? frame = type switch
        {
            FrameType.Deltas => ReadDeltas(ref from),
            FrameType.Ack => new Ack(from.Number(), from.Small(), from.Small()),
            FrameType.Call => new Call(
                from.Number(), from.Text(), from.Text(), Payload.OfJson(from.Slice().ToArray()), from.Small(), from.Small(), from.Text()),
            FrameType.Answer => new Answer(from.Number(), Payload.OfJson(from.Slice().ToArray())),
            FrameType.SnapshotChunk => new SnapshotChunk(
                from.Number(), from.Small(), from.Epoch(), from.Number(), from.Small(), from.Number(), from.Fixed128(), from.Rows()),
            FrameType.Heartbeat => ReadHeartbeat(ref from),
            FrameType.Fault => ReadFault(ref from),
            FrameType.Cancel => new Cancel(from.Number()),
            FrameType.Subscribe => new Subscribe(from.Number(), from.Small(), new TableName(from.Text(), from.Text()), from.Epoch(), from.Number()),
            FrameType.Unsubscribe => new Unsubscribe(from.Number()),
            FrameType.SubscribeRefused => new SubscribeRefused(from.Number(), from.Small(), from.Text()),
            FrameType.Hello => ReadHello(ref from),
            FrameType.Refuse => new Refuse(from.Text()),
            FrameType.Probe => new Probe(from.Slice().ToArray()),
            FrameType.Bye => new Bye(),
            FrameType.ByeAck => new ByeAck(),
            _ => null,
        };
        if (frame is not null && from.Remaining > 0)
        {
            from.Fail($"{from.Remaining} bytes are left over");
        }

        fault = frame is null ? $"a frame is of unknown type {(byte)type}" : from.Fault is { } inside ? $"{type}: {inside}" : null;
        return fault is null ? frame : null;
    }

    private static void Write(Deltas deltas, FrameBuffer to)
    {
        to.Number(deltas.Subscription);
        to.Number(deltas.Generation);
        to.Epoch(deltas.Epoch);
        to.Number((ulong)deltas.Parts.Count);
        foreach (var part in deltas.Parts)
        {
            to.Number(part.Sequence);
            to.Number(part.Part);
            to.Bool(part.IsLast);
            to.Rows(part.Inserted.Span);
            to.Rows(part.Deleted.Span);
        }
    }

    private static Deltas ReadDeltas(ref FrameReader from)
    {
        var (subscription, generation, epoch) = (from.Number(), from.Small(), from.Epoch());
        var parts = new DeltaPart[from.Count(bytesEach: 5)];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = new(from.Number(), from.Small(), from.Bool(), from.Rows(), from.Rows());
        }

        return new(subscription, generation, epoch, parts);
    }

    private static void Write(Heartbeat heartbeat, FrameBuffer to)
    {
        to.Number((ulong)heartbeat.Services.Count);
        foreach (var service in heartbeat.Services)
        {
            to.Text(service.Service);
            to.Number(service.Start);
            to.Bool(service.IsActive);
            to.Number(service.Fence);
            Texts(service.Tables, to);
            Texts(service.Methods, to);
        }

        to.Number((ulong)heartbeat.Marks.Count);
        foreach (var mark in heartbeat.Marks)
        {
            to.Number(mark.Subscription);
            to.Number(mark.Generation);
            to.Epoch(mark.Epoch);
            to.Number(mark.Sequence);
            to.Fixed(mark.Hash);
            to.Number(mark.Frames);
        }
    }

    private static Heartbeat ReadHeartbeat(ref FrameReader from)
    {
        var services = new ServiceEntry[from.Count(bytesEach: 7)];
        for (var i = 0; i < services.Length; i++)
        {
            services[i] = new(from.Text(), from.Small(), from.Bool(), from.Number(), from.Texts(), from.Texts());
        }

        var marks = new TableMark[from.Count(bytesEach: 30)];
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = new(from.Number(), from.Small(), from.Epoch(), from.Number(), from.Fixed128(), from.Small());
        }

        return new(services, marks);
    }

    private static Fault ReadFault(ref FrameReader from)
    {
        var (id, kind) = (from.Number(), (FaultKind)from.Byte());
        if (kind is < FaultKind.Thrown or > FaultKind.DeadlineExceeded)
        {
            from.Fail($"a fault is of unknown kind {(byte)kind}");
        }

        return new(id, kind, from.Text(), from.Text(), from.Small());
    }

    private static void Write(Hello hello, FrameBuffer to)
    {
        to.Text(hello.Node.Id.Value);
        to.Fixed(hello.Node.Incarnation);
        to.Byte(hello.MinVersion);
        to.Byte(hello.MaxVersion);
        to.Number((ulong)hello.Options.Count);
        foreach (var (key, value) in hello.Options)
        {
            to.Text(key);
            to.Text(value);
        }
    }

    private static Hello ReadHello(ref FrameReader from)
    {
        var name = from.Text();
        if (!NodeId.IsValid(name))
        {
            from.Fail("a node has an impossible name");
        }

        var (incarnation, oldest, newest) = (from.Fixed(), from.Byte(), from.Byte());
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var count = from.Count(bytesEach: 2); count > 0; count--)
        {
            options[from.Text()] = from.Text();
        }

        return new(new(new(name), incarnation), oldest, newest, options);
    }

    private static void Texts(IReadOnlyList<string> texts, FrameBuffer to)
    {
        to.Number((ulong)texts.Count);
        foreach (var text in texts)
        {
            to.Text(text);
        }
    }
}
