using System.Diagnostics;

namespace Congress.Benchmarks.Bus.Transports;

/// <summary>A socket in which the thread that uses it waits.</summary>
internal abstract class BlockingPeer : Contender
{
    protected abstract void Send(byte[] message);

    /// <summary>Waits for the next message.</summary>
    protected abstract void Receive();

    protected override Task<long> SendAsync(byte[] message, Func<bool> isOver)
    {
        long count = 0;
        for (; (count & 63) != 0 || !isOver(); count++)
        {
            Send(message);
        }

        return Task.FromResult(count);
    }

    protected override Task<List<long>> PingAsync(byte[] message, Func<bool> isOver)
    {
        var times = new List<long>();
        do
        {
            var start = Stopwatch.GetTimestamp();
            Send(message);
            Receive();
            times.Add(Stopwatch.GetTimestamp() - start);
        }
        while (!isOver());
        return Task.FromResult(times);
    }
}
