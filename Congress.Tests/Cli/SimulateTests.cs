namespace Congress.Tests.Cli;

public sealed class SimulateTests : IDisposable
{
    private readonly CommandSandbox _sandbox = new CommandSandbox()
        .With("network.dl", """
            declare approved(vm).
            @message("{vm} of {owner} is public")
            error(vm) :- nova:servers(id=vm, status="ACTIVE", owner=owner), public(vm), not approved(vm).
            execute[nova:pause(vm)] :- error(vm).
            public("vm-1"). public("vm-2").
            """)
        .With("actions.dl", """
            action("stop").
            nova:servers-(vm, status, owner) :- stop(vm), nova:servers(vm, status, owner).
            nova:servers+(vm, "OFF", owner) :- stop(vm), nova:servers(vm, status, owner).
            """)
        .With("facts/nova/servers.csv", "id,status,owner\nvm-1,ACTIVE,ann\nvm-2,OFF,bob\n");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task What_would_appear_clear_and_be_called_is_printed()
    {
        var result = await Simulate("--sequence", """nova:servers+("vm-2", "ACTIVE", "bob") approved+("vm-1")""");

        Assert.Equal((0, """
            + error("vm-2")   // policy:3: vm-2 of bob is public
                nova:servers(id="vm-2", status="ACTIVE", owner="bob")
                public("vm-2")
                not approved("vm-2")
            - error("vm-1")   // policy:3: vm-1 of ann is public
                nova:servers(id="vm-1", status="ACTIVE", owner="ann")
                public("vm-1")
                not approved("vm-1")
            + execute[nova:pause("vm-2")]

            """.ReplaceLineEndings("\n"), ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task The_examples_of_the_documentation_are_true()
    {
        var page = Repository.Read("docs/cli.md").ReplaceLineEndings("\n");
        Assert.Contains($"```datalog\n{_sandbox.Read("network.dl")}\n```", page, StringComparison.Ordinal);
        Assert.Contains($"```datalog\n{_sandbox.Read("actions.dl")}\n```", page, StringComparison.Ordinal);
        var examples = page.Split("$ congress simulate network.dl --facts facts ")[1..];
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var lines = example[..example.IndexOf("\n```", StringComparison.Ordinal)].Split('\n', 2);
            var arguments = lines[0].Split('\'').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal(lines[1] + "\n", (await Simulate([.. arguments])).Output);
        }
    }

    [Fact]
    public async Task Actions_do_what_the_policy_of_their_file_says()
    {
        foreach (var actions in new string[][] { ["--actions", "actions.dl"], ["--actions", "nova_actions=actions.dl", "--action-policy", "nova_actions"] })
        {
            var result = await Simulate([.. actions, "--sequence", "stop(vm) :- error(vm)", "--query", "nova:servers(vm, \"OFF\", o)"]);

            Assert.Equal((0, "nova:servers(\"vm-1\", \"OFF\", \"ann\")\nnova:servers(\"vm-2\", \"OFF\", \"bob\")\n", ""), (result.ExitCode, result.Output, result.Error));
        }
    }

    [Fact]
    public async Task The_delta_of_a_query_is_what_comes_and_goes()
    {
        _sandbox.With("plan.dl", "// quietly\nstop(\"vm-1\")\n");

        var result = await Simulate("--actions", "actions.dl", "--sequence-file", "plan.dl", "--query", "nova:servers(x, y, z)", "--delta");

        Assert.Equal((0, "nova:servers+(\"vm-1\", \"OFF\", \"ann\")\nnova:servers-(\"vm-1\", \"ACTIVE\", \"ann\")\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Changes_and_the_query_are_of_the_policy_that_is_named()
    {
        _sandbox.With("a.dl", "q(x) :- p(x).").With("b.dl", "r(x) :- p(x).");

        var result = await _sandbox.RunAsync("simulate", "a=a.dl", "b=b.dl", "--sequence", "p+(1) a:p+(2)", "--policy", "b", "--query", "r(x)");

        Assert.Equal((0, "r(1)\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Json_has_all_that_would_be()
    {
        var json = (await Simulate("--actions", "actions.dl", "--sequence", "stop(\"vm-1\") nova:servers+(\"vm-2\", \"ACTIVE\", \"bob\")", "--query", "error(vm)", "--json")).Json;

        Assert.Equal("vm-2", json.GetProperty("appeared")[0].GetProperty("row")[0].GetString());
        Assert.Equal("network.dl", json.GetProperty("cleared")[0].GetProperty("file").GetString());
        Assert.Equal("""[{"policy":"policy","service":"nova","action":"pause","arguments":["vm-2"]}]""", json.GetProperty("actions").GetRawText());
        Assert.Equal("""["error(\"vm-2\")"]""", json.GetProperty("answers").GetRawText());
        Assert.Equal("""["error+(\"vm-2\")","error-(\"vm-1\")"]""", json.GetProperty("delta").GetRawText());
    }

    [Fact]
    public async Task What_is_wrong_with_a_sequence_is_shown_where_it_stands()
    {
        var result = await Simulate("--actions", "actions.dl", "--sequence", "approved+(\"vm-1\")\n  stap(1)");

        Assert.Equal((2, """
            sequence:2:3: error CGS0601: stap is neither a change nor an action of actions
                  stap(1)
                  ^^^^^^^
                hint: did you mean stop?
            1 error

            """.ReplaceLineEndings("\n"), ""), (result.ExitCode, result.Error, result.Output));

        _sandbox.With("plan.dl", "approved+(\"vm-1\"");
        Assert.StartsWith("plan.dl:1:17: error CGS0005: expected", (await Simulate("--sequence-file", "plan.dl")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--delta is of the answers", "--sequence", "p+(1)", "--delta")]
    [InlineData("either --sequence or --sequence-file")]
    [InlineData("either --sequence or --sequence-file", "--sequence", "p+(1)", "--sequence-file", "plan.dl")]
    [InlineData("--policy: error: there is no policy polcy; did you mean policy?", "--sequence", "p+(1)", "--policy", "polcy")]
    [InlineData("--action-policy: error: there is no policy x", "--sequence", "p+(1)", "--action-policy", "x")]
    [InlineData("actions.dl: error: policy policy cannot both", "--sequence", "p+(1)", "--actions", "policy=actions.dl")]
    [InlineData("query:1:1: error CGS0104", "--sequence", "p+(1)", "--query", "error(x, y)")]
    [InlineData("nowhere.dl: error: there is no such file", "--sequence-file", "nowhere.dl")]
    public async Task What_cannot_be_simulated_has_exit_code_2(string message, params string[] arguments)
    {
        var result = await Simulate(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> Simulate(params string[] arguments) => _sandbox.RunAsync(["simulate", "network.dl", "--facts", "facts", .. arguments]);
}
