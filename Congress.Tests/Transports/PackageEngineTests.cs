using Congress.Transport.NetMQ;
using Congress.Transport.NetMQ.Package;

namespace Congress.Tests.Transports;

/// <summary>The engine of the package, apart from what the contracts say of it.</summary>
public sealed class PackageEngineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Who_posts_while_the_engine_is_disposed_does_not_wait_for_it()
    {
        for (var round = 0; round < 30; round++)
        {
            var engine = new PackageEngine(new(new(new("a"), 1), new RecordingNode("a", 1), new(), new(null, TimeProvider.System)));
            var isOver = false;
            var posting = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                while (!Volatile.Read(ref isOver))
                {
                    engine.Post(static () => { });
                    Thread.SpinWait(1000);
                }
            })).ToArray();
            await engine.DisposeAsync().AsTask().WaitAsync(Patience);
            Volatile.Write(ref isOver, true);
            await Task.WhenAll(posting).WaitAsync(Patience);
        }
    }
}
