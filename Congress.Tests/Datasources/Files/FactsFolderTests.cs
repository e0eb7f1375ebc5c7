using Congress.Datasources.Drivers.Files;

namespace Congress.Tests.Datasources.Files;

public sealed class FactsFolderTests : IDisposable
{
    private readonly FactsSandbox _facts = new();

    public void Dispose() => _facts.Dispose();

    [Fact]
    public void Files_are_tables_and_sub_folders_are_policies_in_one_order()
    {
        foreach (var name in (string[])["p.tsv", "nova/servers.csv", "edge.facts", "nova/servers.json", "b.jsonl", "nova/a.b.CSV"])
        {
            Make(name);
        }

        var found = FactsFolder.Scan(_facts.Path).Files.Select(file => $"{file.Policy}:{file.Table} {file.Format}");

        Assert.Equal(
            ":b JsonLines, :edge Tsv, :p Tsv, nova:a.b Csv, nova:servers Csv, nova:servers Json", string.Join(", ", found));
    }

    [Fact]
    public void Hidden_files_and_other_extensions_are_ignored()
    {
        foreach (var name in (string[])[".p.csv", "README.md", "no extension", "p.csv.bak", ".git/p.csv", "nova/.idea/x.csv"])
        {
            Make(name);
        }

        Assert.Empty(FactsFolder.Scan(_facts.Path).Files);
    }

    [Fact]
    public void A_missing_folder_is_an_error()
    {
        var missing = Path.Combine(_facts.Path, "none");
        Assert.Equal("CGS0501 (none): there is no such folder of facts", _facts.Refusal(() => FactsFolder.Scan(missing)));
    }

    [Fact]
    public void Bad_names_and_deep_folders_are_reported_together()
    {
        foreach (var name in (string[])["1p.csv", "a..b.csv", "my-policy/p.csv", "nova/deep/p.csv"])
        {
            Make(name);
        }

        const string Rule = "a name is a letter or underscore, then letters, digits and underscores, with single dots between";
        Assert.Equal(
            [
                $"CGS0501 (1p.csv): '1p' cannot name a table; {Rule}",
                $"CGS0501 (a..b.csv): 'a..b' cannot name a table; {Rule}",
                $"CGS0501 (my-policy): 'my-policy' cannot name a policy; {Rule}",
                $"CGS0501 ({Path.Combine("nova", "deep")}): a folder inside the folder of policy 'nova'; facts stand in DIR/TABLE or DIR/POLICY/TABLE, no deeper",
            ],
            _facts.Refusal(() => FactsFolder.Scan(_facts.Path)).Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("p", true)]
    [InlineData("_p1", true)]
    [InlineData("neutron.ports.v2", true)]
    [InlineData("é", true)]
    [InlineData("p.2", true)]
    [InlineData("", false)]
    [InlineData("1", false)]
    [InlineData(".p", false)]
    [InlineData("p.", false)]
    [InlineData("p..q", false)]
    [InlineData("p-q", false)]
    [InlineData("p+", false)]
    public void A_name_is_what_a_rule_can_write(string name, bool isValid) => Assert.Equal(isValid, FactsName.IsValid(name));

    [Fact]
    public void Columns_are_those_that_the_file_names()
    {
        Assert.Equal(["id", "a,b"], _facts.File("a.csv", "id,\"a,b\"\n1,99999999999999999999\n").Columns());
        Assert.Equal(["id", "name"], _facts.File("b.json", """[{"id": [1, {"x": 2}], "name": 99999999999999999999}, 3]""").Columns());
        Assert.Equal(["id"], _facts.File("c.jsonl", "{\"id\": {\"x\": []}}\n").Columns());
        Assert.Null(_facts.File("d.json", "[[1, 2]]").Columns());
        Assert.Null(_facts.File("e.tsv", "1\t2\n").Columns());
        Assert.Null(_facts.File("f.csv", "").Columns());
        Assert.Null(_facts.File("g.json", "").Columns());
    }

    private void Make(string name)
    {
        var path = Path.Combine(_facts.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
    }
}
