macro_rules! texts {
    ($($name:ident = $key:literal $(($($placeholder:ident),*))?;)*) => {
        /// The name of a text. Its key in the language files and its placeholders stand in the
        /// table in `text.rs`; the English file shows what each one says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each variant is documented by its English text")]
        pub enum Text {
            $($name,)*
        }

        impl Text {
            /// All texts, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its key in the language files.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }

            /// What has to be filled in.
            #[must_use]
            pub const fn placeholders(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($(stringify!($placeholder)),*)?]),* }
            }
        }
    };
}

texts! {
    // On every page.
    LanguageLabel = "language";
    Live = "status.live";
    Connecting = "status.connecting";
    NoConnection = "status.no_connection";
    NotAvailable = "status.not_available";
    LastConfirmed = "status.last_confirmed" (at);
    TimesAsOf = "status.times_as_of" (at);
    AskToBeSure = "status.ask_to_be_sure";
    By = "by" (at);
    ByWord = "by_word";
    With = "with" (person);
    PlaceAndPerson = "place_and_person" (place, person);
    NoTimeYet = "no_time_yet";
    NobodyServing = "nobody.serving";
    LeaveYourName = "nobody.leave_your_name";
    ChooseService = "choose.service";
    ChoosePerson = "choose.person";
    Anyone = "choose.anyone";
    TimeChanged = "quote.changed" (at);
    TimeGone = "quote.gone";
    YesBy = "quote.yes_by" (at);
    YesWithoutTime = "quote.yes_without_time";
    WillBeSent = "will_be_sent";
    CouldNotReach = "could_not_reach";
    TryAgain = "try_again";
    NothingHere = "nothing_here";

    // Lobby.
    LobbyNow = "lobby.now";
    LobbyNext = "lobby.next";
    LobbyMore = "lobby.more" (n);
    LobbyInTheChair = "lobby.in_the_chair";
    LobbyNobodyWaiting = "lobby.nobody_waiting";
    LobbyNewcomer = "lobby.newcomer";
    LobbyScan = "lobby.scan";
    LobbyKept = "lobby.kept" (kept, of);
    LobbyAskUs = "lobby.ask_us";

    // Desk.
    DeskWaiting = "desk.waiting";
    DeskChairs = "desk.chairs";
    DeskNobodyWaiting = "desk.nobody_waiting";
    DeskFree = "desk.free";
    DeskOffDuty = "desk.off_duty";
    DeskCalledAt = "desk.called_at" (at);
    DeskSince = "desk.since" (at);
    DeskLikely = "desk.likely" (at);
    DeskHere = "desk.here";
    DeskMissing = "desk.missing";
    DeskWhoseChair = "desk.whose_chair";
    DeskWalkIn = "desk.walk_in";
    DeskCall = "desk.call";
    DeskNext = "desk.next";
    DeskStart = "desk.start";
    DeskFinish = "desk.finish";
    DeskLeft = "desk.left";
    DeskLeftSure = "desk.left_sure";
    DeskAbsent = "desk.absent";
    DeskNoShow = "desk.no_show";
    DeskNoShowSure = "desk.no_show_sure";
    DeskGoOnDuty = "desk.go_on_duty";
    DeskGoOffDuty = "desk.go_off_duty";
    DeskOffline = "desk.offline";
    DeskCallNotSent = "desk.call_not_sent";
    DeskNoFreeChair = "desk.no_free_chair";
    DeskNeedsItsLink = "desk.needs_its_link";
    RiskSafe = "risk.safe";
    RiskTight = "risk.tight";
    RiskHigh = "risk.high";
    RiskPassed = "risk.passed";
    WalkInName = "walk_in.name";
    Back = "back";
    Cancel = "cancel";
    Done = "done";
    Say = "say.lead";
    SayNoTime = "say.no_time";
    SayScan = "say.scan";

    // Join.
    JoinTitle = "join.title";
    JoinName = "join.name";
    JoinSubmit = "join.submit";
    JoinWithoutTime = "join.without_time";
    JoinFirstChoose = "join.first_choose";

    // Phone.
    PromiseAbove = "promise.above" (name);
    PromiseBelow = "promise.below";
    NextAbove = "next.above" (name);
    NextBelow = "next.below";
    InLineNoTime = "in_line.no_time" (name);
    TimeComes = "in_line.time_comes";
    TimeStays = "in_line.time_stays";
    TimeStaysBy = "in_line.time_stays_by" (at);
    PlaceKept = "in_line.place_kept";
    YouAreNext = "in_line.you_are_next";
    Ahead = "in_line.ahead" (n);
    StageInLine = "stage.in_line";
    StageNext = "stage.next";
    StageComeIn = "stage.come_in";
    ComeIn = "come_in.above" (name);
    ComeInEarlier = "come_in.earlier" (n);
    ComeInNoRush = "come_in.no_rush" (at);
    Apology = "apology" (name, at);
    Started = "started.above" (name);
    StartedAt = "started.at" (at);
    Here = "here.button";
    HereSeen = "here.seen";
    Leave = "leave.button";
    LeaveSure = "leave.sure";
    LeftText = "left.text" (name);
    JoinAgain = "left.join_again";
    NoShowText = "no_show.text" (name);
    Welcome = "no_show.welcome";
    Thanks = "end.thanks" (name);
    Waited = "end.waited" (n);
    WaitedLittle = "end.waited_little";
    WaitedLess = "end.less" (n);
    WaitedAsPromised = "end.as_promised";
    WaitedLonger = "end.longer" (n);
}
