using Congress.Tests.Properties;
using Xunit.Abstractions;

namespace Congress.Tests.Simulation;

/// <summary>Runs the simulation against mutants of the protocol.</summary>
internal static class SimulationMutants
{
    public const int Seeds = 300;

    /// <summary>Fails when no promise is broken by a mutant.</summary>
    public static void Catch(Mutant mutant, ITestOutputHelper output)
    {
        var failure = MutatedCore.FirstFailure(mutant, SimulationProbe.FirstFailure, Seeds);
        Assert.True(failure is not null, $"{mutant} is not caught by {Seeds} seeds");
        output.WriteLine($"{mutant}: caught by {failure}");
    }
}

/// <summary>The simulation finds each of these wrong ways to follow a table within 300 seeds.</summary>
public sealed class FollowingMutantTests(ITestOutputHelper output)
{
    public static TheoryData<Mutant> Mutants =>
    [
        new("the epoch is not checked", "Bus/Protocol/Tables/Follower.cs", "if (epoch != _epoch || _askForAll)", "if (_askForAll)"),
        new("the generation is not checked", "Bus/Protocol/Tables/Follower.cs", "link != _link || generation != _generation || ", "link != _link || "),
        new("gaps are not seen", "Bus/Protocol/Tables/Follower.cs", "part.Sequence == _sequence + 1 && part.Part == _nextPart", "part.Sequence > _sequence && part.Part == _nextPart"),
        new("the order of parts is not seen", "Bus/Protocol/Tables/Follower.cs", "part.Sequence == _sequence + 1 && part.Part == _nextPart", "part.Sequence == _sequence + 1"),
        new("heartbeats do not tell how far a table is", "Bus/Protocol/Tables/Follower.cs", "_behindSince ??= now;", ""),
        new("a forgotten subscription is not asked for again", "Bus/Protocol/Tables/Follower.cs", "LoseTouch(now, \"the publisher has forgotten the subscription\");\n                Ask(now);", ""),
        new("a snapshot counts chunk by chunk", "Bus/Protocol/Tables/SnapshotAssembly.cs", "_rows >= first.TotalRows", "_rows > 0 || first.TotalRows == 0"),
        new("the hash of a snapshot is not checked", "Bus/Protocol/Tables/SnapshotAssembly.cs", "return sum == first.Hash ? rows : null;", "return sum == first.Hash || rows.Length >= 0 ? rows : null;"),
        new("the hash of a state is not compared", "Bus/Protocol/Tables/Follower.cs", "if (known.Hash != _hash)", "if (known.Hash != _hash && now < TimeSpan.Zero)"),
        new("chunks are changed under a snapshot", "Bus/Protocol/Tables/RowStore.cs", "if (chunk.IsShared)", "if (chunk.IsShared && index < 0)"),
        new("what came early stays for the next epoch", "Bus/Protocol/Tables/EarlyParts.cs", "_parts.Clear();\n            _epoch = epoch;", "_epoch = epoch;"),
        new("a lost lease is not noticed", "Bus/Protocol/Tables/Follower.cs", " || epoch.Fence < _highestFence)", ")"),
    ];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutant_is_caught(Mutant mutant) => SimulationMutants.Catch(mutant, output);
}

/// <summary>The simulation finds each of these wrong ways to publish, to call and to know the other nodes within 300 seeds, and nothing wrong with the protocol as it is.</summary>
public sealed class PublishingMutantTests(ITestOutputHelper output)
{
    public static TheoryData<Mutant> Mutants =>
    [
        new("what cancels out is published", "Bus/Protocol/Tables/PublishedTable.cs", "CancelOut(came, gone);", ""),
        new("a publisher forgets deletions in its hash", "Bus/Protocol/Tables/PublishedTable.cs", "Hash -= _hashes.Of(row);", ""),
        new("a state of another epoch is gone on from", "Bus/Protocol/Tables/Cursor.cs", "request.Epoch == table.Epoch && ", ""),
        new("looking counts as progress", "Bus/Protocol/Tables/Follower.Taking.cs", "IsLive && _waiting.Count > 0 ? now", "IsLive ? now"),
        new("lost acknowledgements are not asked for", "Bus/Protocol/Tables/Follower.Taking.cs", "_framesAcknowledged = 0;\n        Acknowledge();", ""),
        new("a late snapshot takes a subscriber back", "Bus/Protocol/Tables/Follower.cs", " || (chunk.Epoch == _epoch && chunk.Sequence <= _sequence && !_askForAll))", ")"),
        new("a subscriber says that it is fresh while it lags", "Bus/Protocol/Tables/Follower.Taking.cs", " && now - _currentAt <= settings.Suspect;", ";"),
        new("answers are not remembered", "Bus/Protocol/Calls/AnswerCache.cs", "if (_answers.TryAdd(key, (result, bytes, now)))", "if (bytes < 0 && _answers.TryAdd(key, (result, bytes, now)))"),
        new("a repeated call does not join the one under way", "Bus/Protocol/Calls/CallServer.cs", "if (_keyed.TryGetValue(key, out var same))", "if (_keyed.Remove(key, out var same) && same.Waiters.Count < 0)"),
        new("a call without a key is repeated", "Bus/Protocol/Calls/CallClient.cs", "public bool MayRepeat => request.Key.Length > 0;", "public bool MayRepeat => true;"),
        new("a call that may have been done is told as not begun", "Bus/Protocol/Calls/CallClient.cs", "(call.MayHaveBegunBefore, call.MayHaveBegun) = (call.MayHaveBegun, true);", ""),
        new("work with a key is forgotten when it is given up", "Bus/Protocol/Calls/CallServer.cs", "FaultKind.Overloaded or FaultKind.NoService }", "FaultKind.Overloaded or FaultKind.NoService or FaultKind.DeadlineExceeded }"),
        new("a goodbye leaves the name taken", "Bus/Protocol/Membership.cs", "{ Link: not 0, HasLeft: false }", "{ Link: not 0 }"),
        new("anybody is admitted under any name", "Bus/Protocol/Membership.cs", "now - known.HeardAt < settings.Suspect\n            ?", "now - known.HeardAt < TimeSpan.Zero\n            ?"),
    ];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutant_is_caught(Mutant mutant) => SimulationMutants.Catch(mutant, output);

    [Fact]
    public void The_protocol_as_it_is_passes_in_the_same_harness() =>
        Assert.Null(MutatedCore.FirstFailure(null, SimulationProbe.FirstFailure, SimulationMutants.Seeds));
}
