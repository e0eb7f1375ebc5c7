using Congress.Bus.Protocol;
using Congress.Data;
using Congress.Tests.Simulation;

namespace Congress.Tests.Bus.Protocol;

/// <summary>Random frames of every kind, with values at their limits.</summary>
internal static class FrameSamples
{
    private const int Kinds = 16;

    private static readonly string[] Words = ["", "a", "nova", "ünïcödé", "\ud800", "日本語のテーブル", new('x', 300), "a", "with space", "\0"];

    public static Frame Of(SimulationRandom random) => Of(random, random.Below(Kinds));

    /// <summary>One frame of each kind.</summary>
    public static IEnumerable<Frame> OneOfEach(SimulationRandom random) => Enumerable.Range(0, Kinds).Select(kind => Of(random, kind));

    private static Frame Of(SimulationRandom random, int kind) => kind switch
    {
        0 => new Hello(new(new("node-" + random.Below(100)), Number(random)), (byte)random.Below(256), (byte)random.Below(256),
            Enumerable.Range(0, random.Below(4)).ToDictionary(i => $"option{i}", _ => Word(random), StringComparer.Ordinal)),
        1 => new Refuse(Word(random)),
        2 => new Probe(Bytes(random)),
        3 => new Heartbeat(
            Many(random, () => new ServiceEntry(Word(random), Small(random), random.Chance(0.5), Number(random), Many(random, () => Word(random)), Many(random, () => Word(random)))),
            Many(random, () => new TableMark(Number(random), Small(random), EpochOf(random), Number(random), new(random.Next(), random.Next()), Small(random)))),
        4 => new Subscribe(Number(random), Small(random), new(Word(random), Word(random)), EpochOf(random), Number(random)),
        5 => new Unsubscribe(Number(random)),
        6 => new SubscribeRefused(Number(random), Small(random), Word(random)),
        7 => new Deltas(Number(random), Small(random), EpochOf(random),
            Many(random, () => new DeltaPart(Number(random), Small(random), random.Chance(0.5), RowsOf(random), RowsOf(random)))),
        8 => new SnapshotChunk(Number(random), Small(random), EpochOf(random), Number(random), Small(random), Number(random), new(random.Next(), random.Next()), RowsOf(random)),
        9 => new Ack(Number(random), Small(random), Small(random)),
        10 => new Call(Number(random), Word(random), Word(random), Payload.OfJson(Bytes(random)), Small(random), Small(random), Word(random)),
        11 => new Answer(Number(random), Payload.OfJson(Bytes(random))),
        12 => new Fault(Number(random), (FaultKind)random.Between((int)FaultKind.Thrown, (int)FaultKind.DeadlineExceeded), Word(random), Word(random), Small(random)),
        13 => new Cancel(Number(random)),
        14 => new Bye(),
        _ => new ByeAck(),
    };

    private static T[] Many<T>(SimulationRandom random, Func<T> make) => [.. Enumerable.Range(0, random.Below(5)).Select(_ => make())];

    private static ulong Number(SimulationRandom random) => random.OneOf(0UL, 1UL, 127UL, 128UL, ulong.MaxValue, ulong.MaxValue - 1, 1UL << 63, random.Next(), random.Next() >> 40);

    private static uint Small(SimulationRandom random) => random.OneOf(0u, 1u, 127u, 128u, uint.MaxValue, (uint)random.Next());

    private static string Word(SimulationRandom random) => Words[random.Below(Words.Length)];

    private static Epoch EpochOf(SimulationRandom random) => new(Number(random), Number(random), Small(random));

    private static byte[] Bytes(SimulationRandom random) => [.. Enumerable.Range(0, random.OneOf(0, 1, 17, 2000)).Select(i => (byte)(i * 7))];

    private static Row[] RowsOf(SimulationRandom random) =>
        [.. Enumerable.Range(0, random.OneOf(0, 1, 3, 40)).Select(_ => new Row([.. Enumerable.Range(0, random.Below(5)).Select(_ => ValueOf(random))]))];

    private static Value ValueOf(SimulationRandom random) => random.Below(8) switch
    {
        0 => Value.Null,
        1 => Value.True,
        2 => Value.False,
        3 => Value.Of(long.MinValue),
        4 => Value.Of((long)random.Next()),
        5 => Value.Of(random.OneOf(0.0, -0.5, double.MaxValue, double.Epsilon)),
        6 => Value.Of((long)random.Below(10)),
        _ => Value.Of(Word(random)),
    };
}
