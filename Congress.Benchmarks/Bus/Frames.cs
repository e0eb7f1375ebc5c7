using BenchmarkDotNet.Attributes;
using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Benchmarks.Bus;

/// <summary>What does it cost to write a frame as bytes, and to read it?</summary>
[MemoryDiagnoser]
public class Frames
{
    private readonly FrameBuffer _buffer = new(1 << 20);
    private Frame _frame = null!;
    private byte[] _bytes = null!;

    /// <summary>The frame: bytes of a length, or changes of a row each.</summary>
    [Params("probe 64", "probe 1024", "100 deltas")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _frame = Kind switch
        {
            "probe 64" => new Probe(new byte[64]),
            "probe 1024" => new Probe(new byte[1024]),
            _ => new Deltas(1, 1, new(0, 1, 1), [.. Enumerable.Range(1, 100).Select(i =>
                new DeltaPart((ulong)i, 0, true, new[] { new Row(i, $"vm-{i}", "ACTIVE", i / 3.0, true, "tenant") }, default))]),
        };
        FrameCodec.Write(_frame, _buffer);
        _bytes = _buffer.Written.ToArray();
    }

    [Benchmark]
    public int Write()
    {
        _buffer.Clear();
        FrameCodec.Write(_frame, _buffer);
        return _buffer.Count;
    }

    [Benchmark]
    public object? Read() => FrameCodec.Read(_bytes, out _);
}
