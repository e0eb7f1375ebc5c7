using System.Text.Json.Nodes;
using CloudPolicy.Cloud;
using CloudPolicy.Congress;

namespace CloudPolicy;

/// <summary>What happens, step by step; a step that goes otherwise than it should ends the story with a <see cref="StoryException"/>.</summary>
/// <remarks>Only the cloud's side is done by calls within this process. All that is asked of Congress goes through its REST API.</remarks>
internal sealed partial class Story(Inventory cloud, CloudServer server, Deployment congress, CongressClient client, ViolationStream stream, CancellationToken stop)
{
    private const string Action = "nova:disconnectNetwork";

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(15);   // for what takes milliseconds, on a machine with much else to do
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Narrator _narrator = new(Console.Out);

    public async Task TellAsync()
    {
        _narrator.Begin("The cloud's services become datasources, and their answers tables");
        foreach (var name in new[] { "nova", "neutron", "ad" })
        {
            await CreateDatasourceAsync(name);
        }

        _narrator.Begin("A policy: which VM may be connected to which network, and what to do otherwise");
        await CreatePolicyAsync();
        await UntilAsync("the policy has read all tables and finds no violation", IsQuietAsync);
        _narrator.Say("No violation.");

        _narrator.Begin("Somebody connects cid's VM to the private network of ann, who is in no group of cid's");
        await ConnectAsync("cid-batch", "ann-net");
        await ShowFactsAsync();

        _narrator.Begin("What if?");
        await WhatIfAsync("cid were in ann's group", """ad:group+("cid", "blue")""", """- error("cid-batch")""");
        await WhatIfAsync("the network were public", """neutron:public_network+("ann-net")""", """- error("cid-batch")""");
        await WhatIfAsync("bob left the group", """ad:group-("bob", "blue")""", """+ error("bob-db")""");

        _narrator.Begin("Actions are a dry run so far: this one is planned, and nothing has been done");
        var planned = await OccurrenceAsync("cid-batch", "ann-net", "planned");
        Expect(cloud.IsConnected("cid-batch", "ann-net") && cloud.Disconnections.Count == 0, "something was done in a dry run");

        _narrator.Begin("Somebody approves it");
        var began = TimeProvider.System.GetTimestamp();
        await client.PostAsync($"/v1/actions/{planned}?action=approve", null, stop);
        await DisconnectedAsync("cid-batch", "ann-net", began);
        Expect(cloud.Disconnections[^1].Key == planned, "the call had another key than the occurrence that was approved");

        _narrator.Begin("From now on Congress acts by itself: the configuration says enforce, and the engines are started again");
        foreach (var node in congress.Engines)
        {
            await congress.RestartAsync(node, "enforce", stop);
            _narrator.Say($"{node} runs again.");
        }

        await UntilAsync("all is as it was before the restart", IsQuietAsync);
        Expect(cloud.Disconnections.Count == 1, "the restart did something again that had been done");
        _narrator.Say("Datasources, policy and journal are there, and nothing is done again.");
        await ConnectAndEnforceAsync("bob-db", "cid-net");

        if (congress.Engines is [var victim, _, ..])
        {
            _narrator.Begin($"kill -9 of {victim}, and at once the next violation: the other engine answers, and takes over acting");
            await KillAndEnforceAsync(victim, "cid-batch", "ann-net");
            _narrator.Begin("kill -9 of data-1, and at once the next one: data-2 takes over its datasources");
            await KillAndEnforceAsync("data-1", "bob-db", "cid-net");
        }

        Expect(cloud.Disconnections.DistinctBy(d => d.Key).Count() == cloud.Disconnections.Count, "a call was carried out twice");
    }

    private async Task CreateDatasourceAsync(string name)
    {
        var datasource = await ReadAsync($"datasources/{name}.json");
        (datasource["config"]!["url"], datasource["config"]!["password"]) = (server.Url, server.Password);
        await client.PostAsync("/v1/data-sources", datasource, stop);
        await UntilAsync($"datasource {name} has been read", async () =>
            (string?)(await client.GetAsync($"/v1/data-sources/{name}/status", stop))["initialized"] == "True");
        var tables = (await client.GetAsync($"/v1/data-sources/{name}/schema", stop))["tables"]!.AsArray()
            .Select(t => $"{name}:{t!["table_id"]}({string.Join(", ", t["columns"]!.AsArray().Select(c => (string)c!["name"]!))})").ToArray();
        var actions = (await client.GetAsync($"/v1/data-sources/{name}/actions", stop))["results"]!.AsArray()
            .Select(a => $"{name}:{a!["name"]}({string.Join(", ", a["args"]!.AsArray().Select(p => (string)p!["name"]!))})").ToArray();
        _narrator.Say($"{string.Join(", ", tables)}{(actions.Length == 0 ? "" : $"; action {string.Join(", ", actions)}")}");
    }

    private async Task CreatePolicyAsync()
    {
        var policy = await ReadAsync("policy.json");
        await client.PostAsync("/v1/policies", policy, stop);
        foreach (var rule in policy["rules"]!.AsArray().Select(r => (string)r!["rule"]!))
        {
            _narrator.Show(rule);
        }
    }

    /// <summary>Whether the policy knows the groups, and finds no violation.</summary>
    private async Task<bool> IsQuietAsync() =>
        (await client.RowsAsync("/v1/policies/ownership/tables/same_group/rows", stop)).Contains("""("ann", "bob")""")
        && (int?)(await client.GetAsync("/v1/violations", stop))["total"] == 0;

    private async Task ConnectAsync(string vm, string network)
    {
        var (before, began) = (stream.AppearancesOf(ErrorOf(vm)), TimeProvider.System.GetTimestamp());
        cloud.Connect(vm, network);
        await stream.AppearedAsync(ErrorOf(vm), before, Most, stop);
        _narrator.Say($"{After(began)} the stream of events tells: {ErrorOf(vm)}. It rests on");
        var violation = (await client.GetAsync("/v1/violations", stop))["violations"]!.AsArray().SingleOrDefault(v => (string?)v!["row"]![0] == vm)
            ?? throw new StoryException($"{ErrorOf(vm)} is in the stream, and not in /v1/violations");
        _narrator.List(violation["because"]!.AsArray().Select(condition => (string)condition!));
    }

    private async Task ShowFactsAsync()
    {
        _narrator.Say("The rows as the datasources have them:");
        foreach (var table in new[] { "nova:network", "nova:owner", "neutron:owner", "neutron:public_network", "ad:group" })
        {
            var rows = await client.RowsAsync($"/v1/data-sources/{table.Replace(":", "/tables/", StringComparison.Ordinal)}/rows", stop);
            var told = rows.Where(r => !r.Contains("worker", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
            Expect(told.Length > 0, $"table {table} has no rows");
            _narrator.List([$"{table,-22} {string.Join(' ', told)}"]);
        }
    }

    private async Task WhatIfAsync(string what, string sequence, string expected)
    {
        var answer = await client.PostAsync("/v1/policies/ownership?action=preview", new JsonObject { ["sequence"] = sequence }, stop);
        string[] changes = [.. Rows("appeared", "+"), .. Rows("cleared", "-")];
        Expect(changes is [var only] && only == expected, $"if {what}: expected {expected}, got {string.Join(", ", changes)}");
        _narrator.Say($"If {what}:".PadRight(29) + $"{sequence,-38} {expected}");

        IEnumerable<string> Rows(string member, string sign) =>
            answer[member]!.AsArray().Select(v => $"{sign} {v!["table"]}({string.Join(", ", v["row"]!.AsArray().Select(c => c!.ToJsonString()))})");
    }

    private static async Task<JsonNode> ReadAsync(string file) => JsonNode.Parse(await File.ReadAllTextAsync(Path.Join(AppContext.BaseDirectory, file)))!;

    private static string ErrorOf(string vm) => $"error(\"{vm}\")";
}
