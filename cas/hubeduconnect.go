package cas

// hubEduConnect is the publisher's own way from PRONOTE to EduConnect, for
// schools without a portal. PRONOTE may keep its own login page beside it.
var hubEduConnect = engine{eduConnect: true, needs: []string{"start"}, expects: eduConnectForm, readers: withEduConnect()}
