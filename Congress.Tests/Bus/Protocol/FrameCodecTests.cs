using System.Buffers.Binary;
using System.Numerics;
using Congress.Bus.Protocol;
using Congress.Tests.Simulation;

namespace Congress.Tests.Bus.Protocol;

/// <summary>Every frame comes out of its bytes as it went in, and no bytes do harm.</summary>
public sealed class FrameCodecTests
{
    private static readonly int Mutations = Environment.GetEnvironmentVariable("CONGRESS_SOAK") == "1" ? 200_000 : 20_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frame_of_any_kind_comes_out_as_it_went_in(bool compress)
    {
        var random = new SimulationRandom(11);
        for (var i = 0; i < 200; i++)
        {
            foreach (var frame in FrameSamples.OneOfEach(random))
            {
                var bytes = Write(frame, compress);
                var read = FrameCodec.Read(bytes, out var fault);
                Assert.True(read is not null, $"{frame}: {fault}");
                Assert.Equal(frame.GetType(), read.GetType());

                // Lists and payloads do not compare by value; the bytes of the copy do.
                Assert.Equal(Write(frame, compress: false), Write(read, compress: false));
            }
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_by_their_checksum()
    {
        var random = new SimulationRandom(12);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = Write(FrameSamples.Of(random), compress: random.Chance(0.5));
            bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
            Assert.Null(FrameCodec.Read(bytes, out var fault));
            Assert.NotNull(fault);
        }
    }

    [Fact]
    public void No_mutation_with_a_right_checksum_throws_or_takes_much_memory()
    {
        var random = new SimulationRandom(13);
        var understood = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Mutate(Write(FrameSamples.Of(random), compress: false), random);
            var start = GC.GetAllocatedBytesForCurrentThread();
            var frame = FrameCodec.Read(bytes, out var fault);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - start;
            Assert.True(allocated < 100_000 + (bytes.Length * 100L), $"{bytes.Length} bytes took {allocated}");
            Assert.True(frame is null == fault is not null);
            understood += frame is null ? 0 : 1;
        }

        Assert.True(understood > Mutations / 20, $"only {understood} of {Mutations} reached a body that can be read");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() > before);
    }

    [Fact]
    public void A_sequence_may_be_the_largest_number_of_64_bits()
    {
        var read = Assert.IsType<Subscribe>(FrameCodec.Read(Write(new Subscribe(1, 1, new("a", "b"), default, ulong.MaxValue), compress: false), out _));
        Assert.Equal(ulong.MaxValue, read.Sequence);
    }

    [Fact]
    public void A_number_beyond_64_bits_is_refused()
    {
        var bytes = Write(new Cancel(ulong.MaxValue), compress: false);
        bytes[^1] = 2;   // one bit more than there is room for
        Assert.Null(FrameCodec.Read(Sealed(bytes), out var fault));
        Assert.Contains("more than 64 bits", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_that_is_too_large_leaves_the_buffer_as_it_was()
    {
        var buffer = new FrameBuffer();
        FrameCodec.Write(new Bye(), buffer);
        var count = buffer.Count;
        Assert.Throws<ArgumentException>(() => FrameCodec.Write(new Probe(new byte[FrameCodec.MaxLength]), buffer));
        Assert.Equal(count, buffer.Count);
    }

    [Fact]
    public void Counts_are_held_against_the_bytes_that_follow()
    {
        var bytes = Write(new Unsubscribe(1), compress: false);
        bytes[3] = (byte)FrameType.Heartbeat;
        bytes[^1] = 0x7f;   // 127 services in no bytes
        Assert.Null(FrameCodec.Read(Sealed(bytes), out var fault));
        Assert.Contains("do not fit", fault, StringComparison.Ordinal);
    }

    private static byte[] Write(Frame frame, bool compress)
    {
        var buffer = new FrameBuffer();
        FrameCodec.Write(frame, buffer, compress);
        return buffer.Written.ToArray();
    }

    private static byte[] Mutate(byte[] bytes, SimulationRandom random)
    {
        switch (random.Below(3))
        {
            case 0:
                bytes = bytes[..random.Between(FrameCodec.HeaderLength, bytes.Length)];
                break;
            case 1:
                bytes = [.. bytes, .. Enumerable.Range(0, random.Between(1, 20)).Select(_ => (byte)random.Next())];
                break;
        }

        for (var flips = random.Below(4); flips > 0 && bytes.Length > FrameCodec.HeaderLength; flips--)
        {
            bytes[random.Between(FrameCodec.HeaderLength, bytes.Length - 1)] ^= (byte)(1 << random.Below(8));
        }

        bytes[3] = random.Chance(0.1) ? (byte)random.Next() : bytes[3];
        return Sealed(bytes);
    }

    /// <summary>Puts the right length and checksum into a header.</summary>
    private static byte[] Sealed(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)(bytes.Length - FrameCodec.HeaderLength));
        var crc = uint.MaxValue;
        foreach (var b in bytes.AsSpan(0, 12))
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        foreach (var b in bytes.AsSpan(FrameCodec.HeaderLength))
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), ~crc);
        return bytes;
    }
}
