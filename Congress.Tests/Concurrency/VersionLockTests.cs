using Xunit;

namespace Congress.Tests.Concurrency;

public sealed class VersionLockTests
{
    private const int Commits = 20_000;

    [Fact]
    public async Task No_reader_sees_half_a_commit_and_readers_that_never_pause_let_commits_through()
    {
        using var versions = new VersionLock();
        var (first, second) = (0, 0);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning)).ToArray();
        for (var i = 0; i < Commits; i++)
        {
            using (versions.Commit())
            {
                first++;
                Thread.SpinWait(5);
                second++;
            }
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(readers), seen => Assert.True(seen.Torn == 0 && seen.Reads > 0, $"{seen}"));

        (long Reads, int Torn) Read()
        {
            var (reads, torn) = (0L, 0);
            for (; !stop.IsCancellationRequested || reads == 0; reads++)
            {
                using (versions.Read())
                {
                    torn += Volatile.Read(ref first) == Volatile.Read(ref second) ? 0 : 1;
                }
            }

            return (reads, torn);
        }
    }

    [Fact]
    public async Task A_commit_waits_for_a_reader_who_sleeps()
    {
        using var versions = new VersionLock();
        using var isRead = new SemaphoreSlim(0);
        using var mayLeave = new ManualResetEventSlim();
        var reader = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
        await isRead.WaitAsync();
        var commit = Task.Factory.StartNew(() => versions.Commit().Dispose(), TaskCreationOptions.LongRunning);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.False(commit.IsCompleted);
        mayLeave.Set();
        await Task.WhenAll(reader, commit);

        void Read()
        {
            using (versions.Read())
            {
                Assert.True(versions.IsHeldByCurrentThread);
                isRead.Release();
                mayLeave.Wait();
            }

            Assert.False(versions.IsHeldByCurrentThread);
        }
    }

    [Fact]
    public void Threads_that_come_and_go_leave_nothing_behind()
    {
        using var versions = new VersionLock();
        for (var i = 0; i < 200; i++)
        {
            var thread = new Thread(() => versions.Read().Dispose());
            thread.Start();
            thread.Join();
        }

        versions.Commit().Dispose();
        Assert.InRange(versions.Threads, 0, 2);
    }
}
