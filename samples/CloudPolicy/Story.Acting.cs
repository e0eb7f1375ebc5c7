using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace CloudPolicy;

/// <summary>What is done about violations, and waiting for it.</summary>
internal sealed partial class Story
{
    /// <summary>The identity of the newest occurrence for a connection, once the journal has it in a state.</summary>
    private async Task<string> OccurrenceAsync(string vm, string network, string state)
    {
        JsonNode? found = null;
        await UntilAsync($"the journal has {Action}(\"{vm}\", \"{network}\") as {state}", async () =>
        {
            found = (await client.GetAsync("/v1/actions", stop))["results"]!.AsArray().FirstOrDefault(a => (string?)a!["arguments"]![0] == vm && (string?)a["arguments"]![1] == network);
            return string.Equals((string?)found?["state"], state, StringComparison.OrdinalIgnoreCase);
        });
        _narrator.Say($"The journal, /v1/actions: {Action}(\"{vm}\", \"{network}\") is {state}; its key is {found!["id"]}.");
        return (string)found["id"]!;
    }

    /// <summary>Waits until the cloud has disconnected a VM, the violation is gone, and the journal says so.</summary>
    private async Task DisconnectedAsync(string vm, string network, long began)
    {
        await UntilAsync($"the cloud disconnects {vm} from {network}", () => Task.FromResult(!cloud.IsConnected(vm, network)));
        _narrator.Say($"{After(began)} the cloud's log has: {cloud.Disconnections[^1]}.");
        await stream.ClearedAsync(ErrorOf(vm), Most, stop);
        _narrator.Say($"{After(began)} the stream of events tells that {ErrorOf(vm)} is gone.");
        var id = await OccurrenceAsync(vm, network, "done");
        Expect(cloud.Disconnections[^1].Key == id, "the cloud was called with another key than the journal has");
    }

    private async Task ConnectAndEnforceAsync(string vm, string network)
    {
        _narrator.Say($"Now somebody connects {vm} to {network}.");
        var (before, appearances, began) = (cloud.Disconnections.Count, stream.AppearancesOf(ErrorOf(vm)), TimeProvider.System.GetTimestamp());
        cloud.Connect(vm, network);
        await stream.AppearedAsync(ErrorOf(vm), appearances, Most, stop);
        _narrator.Say($"{After(began)} the stream of events tells: {ErrorOf(vm)}.");
        await DisconnectedAsync(vm, network, began);
        Expect(cloud.Disconnections.Count == before + 1, "the action was carried out more than once");
    }

    /// <summary>Ends a node without warning. Questions are answered all the while, and what the node did is done by another one soon.</summary>
    private async Task KillAndEnforceAsync(string victim, string vm, string network)
    {
        await congress.KillAsync(victim);
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var asked = AskAllTheTimeAsync(asking.Token);
        await ConnectAndEnforceAsync(vm, network);
        await asking.CancelAsync();
        var (questions, unanswered, slowest) = await asked;
        Expect(unanswered == 0, $"{unanswered} of {questions} questions were not answered");
        _narrator.Say(string.Create(CultureInfo.InvariantCulture, $"Meanwhile /v1/violations was asked {questions} times, and answered each time, after {slowest.TotalMilliseconds:0} ms at most."));
    }

    private async Task<(int Questions, int Unanswered, TimeSpan Slowest)> AskAllTheTimeAsync(CancellationToken end)
    {
        var (questions, unanswered, slowest) = (0, 0, TimeSpan.Zero);
        while (!end.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            var status = await client.AskOnceAsync("/v1/violations", stop);
            (questions, unanswered) = (questions + 1, unanswered + (status == HttpStatusCode.OK ? 0 : 1));
            var took = TimeProvider.System.GetElapsedTime(began);
            slowest = took > slowest ? took : slowest;
            await Task.Delay(Pause, TimeProvider.System, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (questions, unanswered, slowest);
    }

    private async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Expect(TimeProvider.System.GetElapsedTime(began) < Most, string.Create(CultureInfo.InvariantCulture, $"not within {Most.TotalSeconds} s: {what}"));
            await Task.Delay(Pause, TimeProvider.System, stop);
        }
    }

    private static void Expect(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new StoryException(otherwise);
        }
    }

    private static string After(long began) => string.Create(CultureInfo.InvariantCulture, $"After {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds,4:0} ms");
}
