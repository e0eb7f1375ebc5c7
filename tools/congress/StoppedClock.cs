namespace Congress.Cli;

/// <summary>Tells the time at which the command began, so that <c>now</c> is one moment for all tables.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private readonly DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;
}
