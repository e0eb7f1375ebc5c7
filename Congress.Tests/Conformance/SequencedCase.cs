using System.Text.Json;
using Congress.Bus;
using Congress.Bus.Protocol;
using Congress.Bus.Protocol.Tables;
using Congress.Data;

namespace Congress.Tests.Conformance;

/// <summary>Gives our subscriber the messages that the reference's was given, in the order in which they came, and the engine what it makes of them.</summary>
internal static class SequencedCase
{
    private const long Link = 1;

    public static void Deliver(PolicyEngine engine, JsonElement op)
    {
        var table = new TableName(op.GetProperty("publisher").GetString()!, op.GetProperty("table").GetString()!);
        var outbox = new Outbox();
        var follower = new Follower(1, table, seed: 1, new ProtocolSettings(), outbox);
        follower.Aim(Link, TimeSpan.Zero);
        var generation = outbox.TakeFrames([]).Select(f => f.Frame).OfType<Subscribe>().Single().Generation;
        var epoch = new Epoch(0, 1, 1);
        foreach (var message in op.GetProperty("messages").EnumerateArray())
        {
            // Sequence numbers are unsigned, of 64 bits; a larger one does not get as far as the subscriber.
            var sequence = message.GetProperty("seq").GetUInt64();
            if (message.Get("snapshot") is { } snapshot)
            {
                var rows = RowsOf(snapshot);
                var hashes = new RowHash(epoch);
                var sum = rows.Aggregate(UInt128.Zero, (hash, row) => hash + hashes.Of(row));
                follower.OnChunk(Link, new(1, generation, epoch, sequence, 0, (ulong)rows.Length, sum, rows), TimeSpan.Zero);
            }
            else
            {
                var (added, deleted) = (RowsOf(message.GetProperty("add")), RowsOf(message.GetProperty("del")));
                follower.OnDeltas(Link, new(1, generation, epoch, [new(sequence, 0, true, added, deleted)]), TimeSpan.Zero);
            }
        }

        var replica = new TableReplica();
        var events = new List<TableEvent>();
        follower.TakeAll(events, TimeSpan.Zero);
        events.ForEach(e => replica.Apply(e));
        foreach (var row in replica.Rows)
        {
            Assert.True(engine.Insert(table.ToString(), row.AsSpan()));
        }
    }

    private static Row[] RowsOf(JsonElement rows) => [.. rows.EnumerateArray().Select(r => new Row([.. r.EnumerateArray().Select(CaseEngine.ValueOf)]))];
}
